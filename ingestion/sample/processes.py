"""How a school's figures move from month to month: seeded levels and slopes. Knows no target and no file.

Each region has a level and a pace of its own for each matter (some start high and rise, some stand still), each school
an offset from it. A flag once reached stays reached.
"""

from __future__ import annotations

from datetime import date

from ingestion.sample.draws import draw
from ingestion.sample.world import School

Value = int | float | str | date | None
# where a region's share may start, and how much of it may be gained in a month
LEVELS = {
    "teachers_certified": (0.93, 0.99, 0.004),
    "staff_qualified": (0.90, 1.02, 0.006),
    "fitness": (0.86, 0.95, 0.004),
    "myopia_fall": (0.000, 0.002, 0.0020),
    "double_qualified": (0.55, 0.80, 0.008),
    "joint_intake": (0.22, 0.40, 0.0),
    "quota": (0.52, 0.66, 0.0),
    "large_classes": (0.00, 0.08, -0.004),
    "sport_hours": (0.85, 1.20, 0.02),
    "skills": (1.6, 2.6, 0.03),
    "arts": (0.9, 1.7, 0.02),
    "equipment": (4600, 6400, 40),
    "funds": (70, 105, 0.5),
    # of the teachers
    "teachers_above_degree": (0.74, 0.95, 0.0),
    "teachers_backbone": (0.16, 0.30, 0.0),
    "teachers_sport_art": (0.15, 0.25, 0.0),
    "is_graded": (0.80, 1.02, 0.015),
    "is_standard": (0.70, 1.02, 0.02),
    "in_group": (0.55, 0.95, 0.02),
    "in_community": (0.60, 1.05, 0.03),
    "internet_plus": (0.40, 0.90, 0.03),
    "arts_feature": (0.55, 0.90, 0.02),
    "health_room": (0.75, 1.05, 0.02),
    "future_classroom": (0.45, 1.02, 0.03),
    "subject_lab": (0.45, 0.85, 0.02),
    "digital_parents": (0.35, 0.75, 0.02),
    "network_school": (0.55, 1.05, 0.03),
    "newcomer_standard": (0.30, 0.90, 0.03),
    "party_branches_standard": (0.75, 1.05, 0.02),
}
FLAGS = tuple(LEVELS)[tuple(LEVELS).index("is_graded") :]
# what a pupil (a hundred pupils) of a primary school has; a pupil of a junior school has a quarter more
CONDITIONS = {
    "teaching_area": (4.3, 6.4, 1), "sport_area": (7.2, 10.5, 1), "equipment_value": (1900, 3100, -2),
    "multimedia_rooms": (2.2, 3.1, 0),
}  # fmt: skip
STAGE_PARTS = {
    "小学": {"primary": 1.0}, "初中": {"junior": 1.0}, "完全中学": {"junior": 0.5},
    "九年一贯制": {"primary": 0.62, "junior": 0.38},
}  # fmt: skip
MYOPIA = {"小学": 0.36, "初中": 0.66, "九年一贯制": 0.50, "普通高中": 0.80, "特殊教育": 0.20}
CLASS_SIZE = {"幼儿园": 29, "小学": 42, "初中": 45, "九年一贯制": 43, "普通高中": 48, "特殊教育": 9, "中职": 44}
PUPILS_A_TEACHER = {
    "幼儿园": 14, "小学": 18, "初中": 13, "九年一贯制": 15, "普通高中": 12, "特殊教育": 4, "中职": 17,
}  # fmt: skip


class Processes:
    """The figures of every school in every month, drawn from one seed; the same call gives the same answer."""

    def __init__(self, seed: int, start: date) -> None:
        self.seed = seed
        self.start = start
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def values(self, form_code: str, school: School, month: date) -> dict[str, Value]:
        """Element → value of one school's report; an element that does not concern the school is left out."""
        if form_code == "profile":
            return self._profile(school, month)
        if form_code == "conditions":
            return self._conditions(school, month)
        if school.opened == month:  # opened, nobody enrolled yet: a true zero
            return dict.fromkeys(("pupils", "classes", "teachers"), 0)
        pupils = self._pupils(school, month)
        common: dict[str, Value] = {"pupils": pupils, "classes": max(1, round(pupils / CLASS_SIZE[school.stage]))}
        common["teachers"] = max(2, round(pupils / PUPILS_A_TEACHER[school.stage]))
        more = {"kindergarten": self._kindergarten, "basic": self._basic, "vocational": self._vocational}[form_code]
        return common | more(school, month, common)

    def _kindergarten(self, school: School, month: date, known: dict[str, Value]) -> dict[str, Value]:
        teachers, carers = _number(known, "teachers"), _number(known, "classes")
        return {
            "teachers_certified": self._part(school, "teachers_certified", month, teachers),
            "carers": carers,
            "staff_qualified": self._part(school, "staff_qualified", month, teachers + carers),
            "area": round(school.pupils * self._own(school, "area", 8.5, 13.0), 1),
        }

    def _basic(self, school: School, month: date, known: dict[str, Value]) -> dict[str, Value]:
        pupils, classes = _number(known, "pupils"), _number(known, "classes")
        tested, screened = round(pupils * 0.97), round(pupils * 0.985)
        fall = self._level(school.bureau, "myopia_fall", month)
        myopia = MYOPIA[school.stage] + self._own(school, "myopia", -0.05, 0.05) - fall
        values: dict[str, Value] = {
            "large_classes": self._part(school, "large_classes", month, classes),
            "fitness_tested": tested,
            "fitness_passed": self._part(school, "fitness", month, tested),
            "vision_screened": screened,
            "myopic": round(screened * myopia),
            "equipment_value": round(school.pupils * self._level(school.bureau, "equipment", month)
                                     * self._own(school, "equipment", 0.85, 1.15), -2),
            "public_funds": round(pupils * self._level(school.bureau, "funds", month)),
            "sport_hours": self._sport_hours(school, month),
            "sport_skills": round(pupils * self._level(school.bureau, "skills", month)),
            "art_skills": round(pupils * self._level(school.bureau, "arts", month)),
        }  # fmt: skip
        if school.stage == "普通高中" and month.month == 9:  # one intake a year, in autumn
            values["senior_intake"] = pupils // 3
            values["quota_intake"] = self._part(school, "quota", month, pupils // 3)
        return values

    def _vocational(self, school: School, month: date, known: dict[str, Value]) -> dict[str, Value]:
        teachers, pupils = _number(known, "teachers"), _number(known, "pupils")
        part = self._part(school, "double_qualified", month, teachers)
        values: dict[str, Value] = {"double_qualified_teachers": part}
        if month.month == 9:
            values["intake"] = pupils // 3
            values["joint_intake"] = self._part(school, "joint_intake", month, pupils // 3)
        return values

    def _profile(self, school: School, month: date) -> dict[str, Value]:
        own = {"is_graded": school.stage == "幼儿园", "newcomer_standard": False, "party_branches_standard": False}
        values: dict[str, Value] = {}
        for flag in FLAGS:
            concerned = own.get(flag, school.stage not in {"幼儿园", "中职"})
            if concerned:
                values[flag] = "是" if self._own(school, flag, 0, 1) < self._level(school.bureau, flag, month) else "否"
        is_newcomer = school.sector == "民办" and school.stage in {"小学", "九年一贯制"}
        reached = self._own(school, "newcomer", 0, 1) < self._level(school.bureau, "newcomer_standard", month)
        values["newcomer_school"] = "是" if is_newcomer else "否"
        values["newcomer_standard"] = "是" if is_newcomer and reached else "否"
        branches = 1 + school.pupils // 700 if school.sector == "公办" else 0
        values["party_branches"] = branches
        share = self._level(school.bureau, "party_branches_standard", month)
        values["party_branches_standard"] = sum(self._own(school, f"branch{b}", 0, 1) < share for b in range(branches))
        return values

    def _conditions(self, school: School, month: date) -> dict[str, Value]:
        """What each stage of a school has at the start of a school year; a stage it does not teach is left out."""
        everyone = 0 if school.opened == month else self._pupils(school, month)
        values: dict[str, Value] = {}
        for stage, share in STAGE_PARTS[school.stage].items():
            pupils, more = round(everyone * share), 1.25 if stage == "junior" else 1.0
            teachers = round(pupils / PUPILS_A_TEACHER["初中" if stage == "junior" else "小学"])
            values |= {f"{stage}_pupils": pupils, f"{stage}_teachers": teachers}
            for name in ("teachers_above_degree", "teachers_backbone", "teachers_sport_art"):
                values[f"{stage}_{name}"] = self._part(school, name, month, teachers)
            for name, (low, high, digits) in CONDITIONS.items():
                level = draw(self.seed, "region", school.bureau, name).uniform(low, high)
                own = level * more * self._own(school, name, 0.85, 1.3)
                whole = pupils / 100 if name == "multimedia_rooms" else pupils
                values[f"{stage}_{name}"] = round(whole * own, digits or None)
        return values

    def _pupils(self, school: School, month: date) -> int:
        """Enrolment steps at the start of a school year and drifts a little inside it."""
        year = month.year - (month.month < 9)
        step = draw(self.seed, school.code, "year", year).uniform(0.96, 1.05)
        drift = draw(self.seed, school.code, "month", month).randint(-3, 3)
        return max(20, round(school.pupils * step) + drift)

    def _sport_hours(self, school: School, month: date) -> float:
        level = self._level(school.bureau, "sport_hours", month) + self._own(school, "sport", -0.15, 0.25)
        return round(round(max(0.5, min(2.0, level)) * 12) / 12, 2)  # timetables go by five minutes

    def _part(self, school: School, name: str, month: date, whole: int) -> int:
        """A part of a whole at the region's level, off by the school's own offset, never outside it."""
        level = self._level(school.bureau, name, month) + self._own(school, name, -0.03, 0.03)
        return max(0, min(whole, round(whole * level)))

    def _level(self, bureau: str, name: str, month: date) -> float:
        if (bureau, name) not in self._levels:
            low, high, pace = LEVELS[name]
            rng = draw(self.seed, "region", bureau, name)
            # a third of the regions stand still
            self._levels[bureau, name] = (rng.uniform(low, high), pace * max(0.0, rng.uniform(-0.5, 1.0)))
        base, pace = self._levels[bureau, name]
        months = (month.year - self.start.year) * 12 + month.month - self.start.month
        return base + pace * months

    def _own(self, school: School, name: str, low: float, high: float) -> float:
        return draw(self.seed, school.code, name).uniform(low, high)


def _number(values: dict[str, Value], name: str) -> int:
    value = values[name]
    return int(value) if isinstance(value, int | float) else 0
