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
    """A reason why a numeral is no target, with the wording left of it, in it and right of it.

    `token` and `after` begin with ^: they are matched where they stand, `before` is looked for.
    """

    label: str
    before: re.Pattern[str] | None
    token: re.Pattern[str] | None
    after: re.Pattern[str] | None
    example: str

    def holds(self, left: str, token: str, right: str) -> bool:
        """Whether the numeral `token` between `left` and `right` falls under this rule."""
        if self.token is not None and self.token.match(token) is None:
            return False
        if self.after is not None and self.after.match(right) is None:
            return False
        return self.before is None or self.before.search(left) is not None


@lru_cache(maxsize=1)
def _classes() -> dict[str, tuple[str, ...]]:
    tables = tomllib.loads((_FOLDER / "words.toml").read_text("utf-8"))
    found: dict[str, tuple[str, ...]] = {}
    for table, entries in tables.items():
        for name, value in entries.items():
            # 台(套) is written with brackets of either width
            wide = value.translate({ord("("): "（", ord(")"): "）"}) if table == "units" else ""
            words = sorted({*value.split(), *wide.split()}, key=lambda word: (-len(word), word))
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


def beginning(*alternatives: str) -> str:
    """A look-ahead for the first characters of words parted by |: where none of them stands, a pattern behind it need
    not be tried. Most places of a text are such."""
    return "(?=[" + re.escape("".join(sorted({word[0] for words in alternatives for word in words.split("|")}))) + "])"


@lru_cache(maxsize=256)
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


@dataclass(frozen=True)
class _Reasons:
    """Reason rules, cut so that most numerals need none of them tried: what stands right of the numeral speaks for all
    but the `usual` ones at once, what stands left of it for those, unless they look at neither."""

    rules: tuple[ReasonRule, ...]
    right: re.Pattern[str]
    usual: tuple[ReasonRule, ...]
    left: re.Pattern[str]
    alone: tuple[ReasonRule, ...]


@lru_cache(maxsize=1024)
def _reasons(token: str) -> _Reasons:
    """The rules that a numeral may fall under by its own wording."""
    rules = tuple(rule for rule in reason_rules() if rule.token is None or rule.token.match(token))
    usual = tuple(rule for rule in rules if _is_usual(rule))
    alone = tuple(rule for rule in usual if rule.before is None)
    return _Reasons(rules, _either(after=True), usual, _either(after=False), alone)


def _is_usual(rule: ReasonRule) -> bool:
    # 5所学校: wording that follows many a number
    return rule.after is None or rule.after.match("学校") is not None


@lru_cache(maxsize=2)
def _either(*, after: bool) -> re.Pattern[str]:
    """What one of the rules looks for right of a numeral, and what one of the usual ones looks for left of it."""
    rules = [rule for rule in reason_rules() if after is not _is_usual(rule)]
    sought = (rule.after if after else rule.before for rule in rules)
    return re.compile("|".join(f"(?:{one.pattern})" for one in sought if one is not None))


@lru_cache(maxsize=4096)
def reason_of(left: str, token: str, right: str) -> str | None:
    """The label of the first of the reason rules that holds for the numeral `token` between `left` and `right`."""
    known = _reasons(token)
    rules = known.rules
    if known.right.match(right) is None:
        rules = known.alone if known.left.search(left) is None else known.usual
    for rule in rules:
        if (rule.after is None or rule.after.match(right)) and (rule.before is None or rule.before.search(left)):
            return rule.label
    return None
