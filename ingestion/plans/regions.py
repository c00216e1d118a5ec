"""Whose plan it is: a region code from title and text, or nothing where that is not certain.

Only names of the configured regions are known here. A wrong region would judge the wrong schools, so a tie gives None.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ingestion.plans.script import plain_view

if TYPE_CHECKING:
    import polars as pl

OFFICE = "(?:教育(?:和|科技)?(?:体育)?局|教科?体局|教科局|教育(?:工作)?委员会|教委|教育厅|人民政府|政府办公室)"
ENDING = re.compile(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|自治[州县]|地区|新区|[省市区县旗盟州])$")
OPENING_LENGTH = 600


class _Names:
    """Names of regions → codes; short forms too: 温州市龙湾区, 龙湾区 and 龙湾 are one region."""

    def __init__(self, regions: pl.DataFrame) -> None:
        columns = ("region_code", "region_name", "parent_region_code")
        rows = [tuple(row) for row in regions.select(columns).iter_rows()]
        self.parents: dict[str, str | None] = {code: parent or None for code, _, parent in rows}
        own_names = {code: name for code, name, _ in rows}
        self.full: dict[str, set[str]] = {}
        self.short: dict[str, set[str]] = {}
        for code, name, _ in rows:
            names = {name}
            for above in self.ancestors(code):
                if name.startswith(own_names.get(above, "\0")) and len(name) > len(own_names[above]):
                    names.add(name.removeprefix(own_names[above]))
            for one in names:
                self.full.setdefault(one, set()).add(code)
                stem = ENDING.sub("", one)
                if len(stem) >= 2 and stem != one:
                    self.short.setdefault(stem, set()).add(code)

    def ancestors(self, code: str) -> list[str]:
        found: list[str] = []
        above = self.parents.get(code)
        while above and above not in found:
            found.append(above)
            above = self.parents.get(above)
        return found

    def in_text(self, text: str, names: dict[str, set[str]], after: str = "") -> Counter[str]:
        """How often each region is named; of overlapping names the longest counts, a name of several regions never."""
        if not names:
            return Counter()
        ordered = sorted(names, key=len, reverse=True)
        pattern = re.compile(f"(?:{'|'.join(map(re.escape, ordered))}){after}")
        counts: Counter[str] = Counter()
        for match in pattern.finditer(text):
            name = next(one for one in ordered if match[0].startswith(one))
            if len(names[name]) == 1:
                counts[next(iter(names[name]))] += 1
        return counts

    def one(self, counts: Counter[str]) -> str | None:
        """The region all named ones lie above: 温州市 and 龙湾区 give 龙湾区; two districts give none."""
        above = {ancestor for code in counts for ancestor in self.ancestors(code)}
        deepest = [code for code in counts if code not in above]
        return deepest[0] if len(deepest) == 1 else None


def region_of(title: str, text: str, regions: pl.DataFrame) -> str | None:
    """The code of the region a plan is of: by title, by the office that issues it, else by the name used most."""
    names = _Names(regions)
    head, body = plain_view(title), plain_view(text)
    edges = body[:OPENING_LENGTH] + "\n" + body[-OPENING_LENGTH:]
    everywhere = names.in_text(body, names.full)
    for counts in (
        names.in_text(head, names.full),
        names.in_text(head, names.short),
        names.in_text(edges, names.full, after=OFFICE),
        names.in_text(edges, names.short, after=OFFICE),
        names.in_text(body, names.full, after=OFFICE),
    ):
        if (code := names.one(counts)) is not None:
            return code
    ranked = everywhere.most_common(2)
    if ranked and ranked[0][1] >= 3 and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
        return ranked[0][0]
    return None
