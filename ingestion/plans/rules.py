"""The grammar's word classes and named rules, read once from ingestion/plans/grammar.

Belongs here: loading and compiling. Does not: the wording itself (grammar/*.toml), what a rule means (its user).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("grammar")


@dataclass(frozen=True)
class ReasonRule:
    """A reason why a numeral is no target, with the wording left of it, in it and right of it."""

    label: str
    before: re.Pattern[str] | None
    token: re.Pattern[str] | None
    after: re.Pattern[str] | None
    example: str

    def holds(self, left: str, token: str, right: str) -> bool:
        """Whether the numeral `token` between `left` and `right` falls under this rule."""
        if self.token is not None and not self.token.search(token):
            return False
        if self.after is not None and not self.after.search(right):
            return False
        return self.before is None or self.before.search(left) is not None


@lru_cache(maxsize=1)
def _classes() -> dict[str, tuple[str, ...]]:
    tables = tomllib.loads((_FOLDER / "words.toml").read_text("utf-8"))
    found: dict[str, tuple[str, ...]] = {}
    for table, entries in tables.items():
        for name, value in entries.items():
            words = sorted(set(value.split()), key=lambda word: (-len(word), word))
            found[f"unit_{name}" if table == "units" else name] = tuple(words)
    return found


def words(name: str) -> tuple[str, ...]:
    """The words of a class, longest first; KeyError for a class that grammar/words.toml does not define."""
    return _classes()[name]


@lru_cache(maxsize=256)
def any_of(*names: str) -> str:
    """A regular expression that matches a word of any of the classes, longest first."""
    found = {word for name in names for word in words(name)}
    return "(?:" + "|".join(re.escape(word) for word in sorted(found, key=lambda w: (-len(w), w))) + ")"


@lru_cache(maxsize=64)
def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern in which {class} stands for any word of that class."""
    return re.compile(re.sub(r"\{([a-z][a-z_|]*)\}", lambda m: any_of(*m[1].split("|")), text))


@lru_cache(maxsize=1)
def reason_rules() -> tuple[ReasonRule, ...]:
    """The ordered reason rules of grammar/reasons.toml."""
    rows = tomllib.loads((_FOLDER / "reasons.toml").read_text("utf-8"))["rule"]
    return tuple(
        ReasonRule(
            row["label"],
            *(pattern(row[key]) if key in row else None for key in ("before", "token", "after")),
            example=row["example"],
        )
        for row in rows
    )
