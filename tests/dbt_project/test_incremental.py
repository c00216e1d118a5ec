"""What is built step by step over random edits equals what is built at once: facts, what was superseded, indicators."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from world import World, at, build

FACTS = ("fct_actuals", "fct_actuals_superseded", "fct_submissions", "fct_indicator_values")
SCHOOLS = [f"430102000{n}" for n in range(1, 6)]
MONTHS = [date(2020, month, 1) for month in range(1, 6)]
FIRST_DAY = date(2020, 6, 1)


class Edited:
    """A world that somebody keeps editing; every edit is drawn by `chance`: of what landed, or of the day judged."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.world, self.day = chance, World(), FIRST_DAY
        self.region = self.world.region("430102")
        for school in SCHOOLS:
            self.world.school(school, self.region)
        self.world.card("fit", "fitness_passed", "fitness_tested")
        self.world.card("funds", "public_funds", aggregation="sum_flow", unit="元")
        for school in SCHOOLS:
            for month in MONTHS[:3]:
                self.report(school, month)

    @property
    def submissions(self) -> list[dict[str, Any]]:
        return self.world.rows["forms__submissions"]

    def edit(self) -> str:
        """One edit at random; returns its name."""
        verb = self.chance.choice(
            ["report", "resubmit", "correct", "reread", "withdraw", "reassign", "undo", "unlock", "drop", "wait"]
        )
        getattr(self, verb)()
        return verb

    def report(self, school: str = "", month: date | None = None, **more: Any) -> None:
        school, month = school or self.chance.choice(SCHOOLS), month or self.chance.choice(MONTHS)
        before = [s for s in self.submissions if (s["reporter_code"], s["period_start_date"]) == (school, month)]
        for row in before if more.get("submission_state") != "部分更正" else []:
            row["is_current"] = False
        received = at(f"{month:%Y-%m}-08") + timedelta(days=self.chance.randrange(30, 130))
        tested = self.chance.randrange(50, 100)
        cells = {"fitness_tested": tested, "fitness_passed": self.chance.randrange(tested), "public_funds": tested * 10}
        if more.get("submission_state") == "部分更正":
            cells = {"fitness_passed": 1}
        self.world.report(
            "basic", school, month, cells, region=self.region, attempt_no=len(before) + 1, received_at=received, **more
        )

    resubmit = report

    def correct(self) -> None:
        """A declared partial resubmission: both count, the later one for the cells that it holds."""
        row = self.chance.choice(self.submissions)
        self.report(row["reporter_code"], row["period_start_date"], submission_state="部分更正")

    def reread(self) -> None:
        """The same file, read by other code: same number of the file, another value."""
        row = self.chance.choice(self.world.rows["forms__values"])
        row["value_number"], row["raw_text"] = 7, "7"

    def withdraw(self) -> None:
        self._act("submission.withdrawn")

    def reassign(self) -> None:
        to = {"new_reporter_code": self.chance.choice(SCHOOLS)}
        self._act("submission.reassigned", to | {"new_period_start_date": str(self.chance.choice(MONTHS))})

    def undo(self) -> None:
        acts = [e["event_no"] for e in self.world.rows["registry__events"] if e["event_type"].startswith("submission.")]
        if acts:
            no = self.chance.choice(acts)
            self.world.event("event.undone", "event", str(no), {"event_no": no}, undoes_event_no=no)

    def unlock(self) -> None:
        row = self.chance.choice(self.submissions)
        said = {"form_code": "basic", "reporter_code": row["reporter_code"]}
        said |= {"period_start_date": str(row["period_start_date"]), "expires_date": "2020-12-31"}
        self.world.event("unlock.granted", "unlock", "|".join(list(said.values())[:3]), said)

    def drop(self) -> None:
        """A file taken out of the landing, with all that was read from it."""
        gone = self.chance.choice(self.submissions)["file_id"]
        for table in ("forms__submissions", "forms__values", "intake__files"):
            self.world.rows[table] = [row for row in self.world.rows[table] if row["file_id"] != gone]

    def wait(self) -> None:
        """Another day is judged, a later or an earlier one: reports come to lie behind their lock, or before it."""
        self.day = FIRST_DAY + timedelta(days=self.chance.randrange(200))

    def _act(self, event_type: str, more: dict[str, Any] | None = None) -> None:
        row = self.chance.choice(self.submissions)
        said = {"form_code": "basic", "reporter_code": row["reporter_code"], "file_id": row["file_id"]}
        said["period_start_date"] = str(row["period_start_date"])
        key = "|".join(str(said[name]) for name in ("file_id", "reporter_code", "period_start_date"))
        self.world.event(event_type, "submission", key, said | (more or {}))


def build_after_edits(seed: int, steps: int, folder: Path) -> None:
    """Edit, build on what stands and build anew, and compare; `steps` times."""
    edited = Edited(random.Random(seed))
    stepwise = folder / "stepwise"
    stepwise.mkdir()
    edited.world.build(stepwise, edited.day, only=" ".join(FACTS))
    story: list[str] = []
    kept = 0
    for step in range(steps):
        story += [edited.edit() for _ in range(3)]
        before = rowids(stepwise / "build.duckdb")
        edited.world.build(stepwise, edited.day, only=" ".join(FACTS))
        kept += len(before & rowids(stepwise / "build.duckdb"))
        anew = folder / f"anew{step}"
        anew.mkdir()
        edited.world.build(anew, edited.day, only=" ".join(FACTS))
        assert differing(stepwise / "build.duckdb", anew / "build.duckdb") == dict.fromkeys(FACTS, 0), story
    assert kept, "nothing was ever kept: every step built everything"


def rowids(warehouse: Path) -> set[tuple[int, str]]:
    """Rows of the fact by the place where they are stored: a row that was built again lies elsewhere."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return set(con.execute("select rowid, batch_digest from marts.fct_actuals").fetchall())


def differing(one: Path, other: Path, facts: tuple[str, ...] = FACTS) -> dict[str, int]:
    """Rows of each fact that only one of two build databases holds."""
    found = {}
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only)")
        con.execute(f"attach '{other}' as other (read_only)")
        for name in facts:
            sides = [f"from {side}.marts.{name}" for side in ("one", "other")]
            found[name] = con.execute(
                f"select count(*) from ((select * {sides[0]} except all select * {sides[1]})"
                f" union all (select * {sides[1]} except all select * {sides[0]}))"
            ).fetchall()[0][0]
    return found


def test_building_step_by_step_equals_building_at_once(tmp_path: Path) -> None:
    build_after_edits(20, 2, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(12))
def test_it_does_so_over_many_random_edits(seed: int, tmp_path: Path) -> None:
    build_after_edits(seed, 12, tmp_path)


def test_a_batch_that_is_not_forgotten_is_found_out(tmp_path: Path) -> None:
    """The comparison sees a stale row: one is planted under a digest that still holds."""
    edited = Edited(random.Random(1))
    for name in ("stepwise", "anew"):
        (tmp_path / name).mkdir()
        edited.world.build(tmp_path / name, edited.day, only="fct_actuals")
    with duckdb.connect(str(tmp_path / "stepwise" / "build.duckdb")) as con:
        con.execute("insert into marts.fct_actuals select * from marts.fct_actuals limit 1")
    build(tmp_path / "stepwise" / "build.duckdb", str(edited.day), select="+fct_actuals")
    found = differing(tmp_path / "stepwise" / "build.duckdb", tmp_path / "anew" / "build.duckdb", ("fct_actuals",))
    assert found["fct_actuals"] == 1
