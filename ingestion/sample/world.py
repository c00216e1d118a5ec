"""The schools of the demonstration bureau: synthetic names and codes, a fixed mix in every region. No figures here."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingestion.sample.draws import draw

BUREAUS = ("330303", "120110", "430100", "331000", "330112")
# stage, sector, rural: each region goes down this list again and again, so that every mix occurs everywhere
MIX = (
    ("幼儿园", "公办", False), ("小学", "公办", False), ("初中", "公办", True), ("幼儿园", "普惠性民办", True),
    ("普通高中", "公办", False), ("中职", "公办", False), ("小学", "公办", True), ("幼儿园", "民办", False),
    ("九年一贯制", "民办", True), ("幼儿园", "公办", True), ("特殊教育", "公办", False),
    ("幼儿园", "普惠性民办", False), ("初中", "公办", False), ("小学", "民办", False),
    ("九年一贯制", "公办", False), ("普通高中", "民办", False),
)  # fmt: skip
NAMES = {
    "幼儿园": "幼儿园", "小学": "小学", "初中": "初级中学", "九年一贯制": "九年一贯制学校", "普通高中": "高级中学",
    "特殊教育": "特殊教育学校", "中职": "职业学校",
}  # fmt: skip
PUPILS = {
    "幼儿园": (120, 390), "小学": (420, 1650), "初中": (450, 1500), "九年一贯制": (600, 1900), "普通高中": (900, 2400),
    "特殊教育": (60, 180), "中职": (800, 2600),
}  # fmt: skip


@dataclass(frozen=True)
class School:
    """One synthetic school; `bureau` is the region whose plan it counts for, `region_code` where it stands."""

    code: str
    name: str
    bureau: str
    region_code: str
    stage: str
    sector: str
    is_rural: bool
    opened: date
    closed: date | None
    pupils: int

    def is_open(self, first: date, last: date) -> bool:
        """Open on the last day of a period that began on `first`."""
        return self.opened <= last and (self.closed is None or self.closed > last) and first <= last


def make_schools(count: int, seed: int, regions: Sequence[dict[str, str]], year: int) -> list[School]:
    """`count` schools spread evenly over the bureaus; some open or close inside `year`."""
    districts = {bureau: _districts(bureau, regions) for bureau in BUREAUS}
    numbers: Counter[str] = Counter()
    schools = []
    for index in range(count):
        bureau, place = BUREAUS[index % len(BUREAUS)], index // len(BUREAUS)
        stage, sector, is_rural = MIX[place % len(MIX)]
        numbers[stage] += 1
        rng = draw(seed, "school", index)
        opened, closed = date(rng.randint(1996, 2017), 9, 1), None
        if index % 23 == 16:  # a new one, which reports true zeros in its first month
            opened = date(year, 9, 1)
        elif index % 29 == 12:
            closed = date(year, 8, 31)
        low, high = PUPILS[stage]
        schools.append(
            School(
                code=f"99{BUREAUS.index(bureau)}{index + 1:07d}",
                name=f"演示第{numbers[stage]:02d}{NAMES[stage]}",
                bureau=bureau,
                region_code=districts[bureau][place % len(districts[bureau])],
                stage=stage,
                sector=sector,
                is_rural=is_rural,
                opened=opened,
                closed=closed,
                pupils=int(rng.randint(low, high) * (0.7 if is_rural else 1)),
            )
        )
    return schools


def write_schools(path: Path, schools: Sequence[School]) -> None:
    """schools.csv as ingestion/config reads it."""
    header = "school_code,school_name,aliases,region_code,stage,sector,is_rural,opened_date,closed_date"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header.split(","), "pupils_registered"])
        for s in schools:
            rural = "是" if s.is_rural else "否"
            life = [s.opened.isoformat(), s.closed.isoformat() if s.closed else "", s.pupils]
            writer.writerow([s.code, s.name, "", s.region_code, s.stage, s.sector, rural, *life])


def _districts(bureau: str, regions: Sequence[dict[str, str]]) -> list[str]:
    below = [region["region_code"] for region in regions if region["parent_region_code"] == bureau]
    return sorted(below) or [bureau]
