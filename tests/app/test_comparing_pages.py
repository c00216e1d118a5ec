"""学校报送, 区域对比, 优质均衡自查, 绩效考评: what they list, their words where there is nothing, names harmless."""

import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from app.app_pages import assessments, balance, regions, submissions
from app.exports import to_xlsx
from app.queries import assessments as scores
from app.queries import regions as figures
from app.queries import submissions as reports
from ingestion.releases import Release, Releases
from orchestration.reminders import owed_reports
from tests.app.conftest import copy_home
from tests.app.showcase import CITY, EVALUATION, HILL, HOSTILE, LAKE
from tests.app.test_app_pages import opened, text

PAGES = ("submissions", "regions", "balance", "assessments")
MONTH = date(2020, 10, 1)
EMPTIED = ("fct_submissions", "fct_completeness", "fct_findings", "fct_indicator_values", "fct_balance_checks",
           "fct_balance_indicators", "fct_assessments", "fct_warnings")  # fmt: skip
NAMED = (("dim_schools", "school_name"), ("dim_units", "unit_name"), ("dim_regions", "region_name"),
         ("dim_forms", "form_name"), ("dim_indicators", "indicator_name"))  # fmt: skip
# two schools of one region and one of another, as the warehouse judges them
BALANCE = f"""
insert into marts.fct_balance_indicators by name
select
    'set' as set_code, '小学' as stage, 1 as item_no, region_code, date '{EVALUATION}' as evaluation_date,
    '骨干教师{HOSTILE}' as item_name, 'KG3' as indicator_code, 1 as threshold, 1.2 as mean_value,
    schools as school_count,
    1 as school_met_count, variation as variation_value, 0.5 as variation_limit, schools as counted_count,
    schools as expected_count, state as check_state
from (values ('{CITY}', 3, 0.6, '未达标'), ('{LAKE}', 2, 0.3, '达标'), ('{HILL}', 1, 0, '达标'))
    as given (region_code, schools, variation, state);
insert into marts.fct_balance_checks by name
select
    'set' as set_code, '小学' as stage, school_code, date '{EVALUATION}' as evaluation_date, region_code,
    date '2020-09-01' as period_start_date, 7 as item_count, measured as measured_count, met as met_count,
    0 as at_floor_count, below as below_floor_count, 6 as required_count, state as check_state,
    lowest as lowest_item_name
from (values
    ('9900010001', '{LAKE}', 7, 5, 1, '未达标', '骨干教师{HOSTILE}'), ('9900010002', '{LAKE}', 4, 4, 0, '待补报', null),
    ('9900020001', '{HILL}', 7, 7, 0, '达标', null)
) as given (school_code, region_code, measured, met, below, state, lowest);
"""
WARNED = f"""
insert into marts.fct_warnings by name
select 'school' as subject_type, '9900010001' as subject_code, 'missing_reports' as rule_code,
    'kindergarten' as form_code,
    date '{EVALUATION}' as evaluation_date, '学校{HOSTILE}' as subject_name, '{LAKE}' as region_code,
    '黄牌' as warning_level, 3 as figure, 2 as limit_figure, '连续3期未报{HOSTILE}' as warning_text
"""


@pytest.fixture(scope="module")
def altered(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """A copy of the showcase with statements run over its marts and published anew, made once for each name."""
    made: dict[str, Path] = {}

    def alter(name: str, statements: str) -> Path:
        if name not in made:
            target = tmp_path_factory.mktemp(name)
            copy_home(home, target)
            releases = Releases(target / "releases")
            first = releases.resolve()
            shutil.copy(first.path, target / "build.duckdb")
            with duckdb.connect(str(target / "build.duckdb")) as con:
                con.execute(statements)
            info = {k: v for k, v in first.info().items() if k not in ("sequence", "published_at", "checksums")}
            releases.publish(target / "build.duckdb", info)
            made[name] = target
        return made[name]

    return alter


@pytest.fixture
def crowded(altered: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch) -> Release:
    """Hostile names on everything, a balance check, a warning, and two regions on a par."""
    renamed = "".join(f"update marts.{t} set {c} = {c} || '{HOSTILE}';" for t, c in NAMED)
    tied = f"update marts.fct_indicator_values set indicator_value = 50 where region_code in ('{LAKE}', '{HILL}');"
    target = altered("crowded", renamed + tied + BALANCE + WARNED)
    monkeypatch.setenv("DUBAN_HOME", str(target))
    return Releases(target / "releases").resolve()


def test_whom_to_remind_is_whom_the_command_reminds(release: Release) -> None:
    listed = reports.owed(release, "", "")
    told = owed_reports(release, EVALUATION)
    assert listed.height == told.height > 0
    mine = listed.select("reporter_code", "period_start_date", "due_date", "submission_state", "days_overdue")
    theirs = told.select("单位代码", "报告期", "应报截止", "状态", "逾期天数")
    assert sorted(mine.rows()) == sorted(theirs.rows())


def test_the_lists_of_reports_name_reporter_form_and_period(at_home: Path) -> None:
    shown = text(opened("submissions"))
    assert "东湖金色童年幼儿园" in shown
    assert "2020年9月" in shown
    late = text(opened("submissions", list="迟报"))
    assert "东湖小星星幼儿园" in late
    assert "迟 1 次" in late
    found = text(opened("submissions", list="待改问题"))
    assert "怎么改：" in found
    assert 'href="quality?tab=%E9%97%AE%E9%A2%98' in found


def test_one_form_shows_its_regions_and_a_region_only_itself(at_home: Path, release: Release) -> None:
    form = next(r["form_name"] for r in reports.forms(release, "").to_dicts() if r["form_code"] == "kindergarten")
    shown = text(opened("submissions", form=form))
    assert f"{form}：各地逐期报送" in shown
    assert "东湖区" in shown
    alone = text(opened("submissions", form=form, region="西山县"))
    assert "西山向阳幼儿园" in alone
    assert "东湖金色童年幼儿园" not in alone


def test_the_paper_has_the_rows_of_the_list(release: Release) -> None:
    owed = reports.owed(release, "", "")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(submissions.owed_paper(owed), "催报名单")))
    rows = list(book.active.iter_rows(min_row=3, values_only=True))  # type: ignore[union-attr]
    assert [(r[1], r[2], r[6]) for r in rows] == [
        (o["reporter_name"], o["reporter_code"], o["submission_state"]) for o in owed.to_dicts()
    ]


def test_regions_are_ranked_by_their_direction_and_ties_share_a_place(release: Release, crowded: Release) -> None:
    rates = figures.ranking(release, "KG1", CITY, MONTH)
    values = rates["indicator_value"].to_list()
    assert rates["place"].to_list() == [1, 2]
    assert values == sorted(values, reverse=True)
    assert figures.ranking(crowded, "KG1", CITY, MONTH)["place"].to_list() == [1, 1]
    assert text(opened("regions", indicator="公办园在园幼儿占比" + HOSTILE)).count("并列") == 2


def test_what_was_not_there_a_year_ago_is_not_compared(at_home: Path) -> None:
    shown = text(opened("regions", month="2020年9月", indicator="公办园在园幼儿占比"))
    assert "同比（比2019年9月）" in shown
    assert "不可比" in shown
    assert "没有2019年9月的数" in shown
    assert "环比（比2020年8月）" in shown
    assert "没有新的报数" not in shown
    # nothing came for October: the page says which period it shows
    assert "2020年10月没有新的报数，用的是最近一期" in text(opened("regions", indicator="公办园在园幼儿占比"))


def test_a_region_with_a_target_shows_its_light_one_without_the_target_above(at_home: Path, release: Release) -> None:
    made = regions.grid(figures.cells(release, CITY, MONTH))
    own = next(i for i in made["indicators"] if i["code"] == "KG1")["cells"]
    assert own[LAKE]["word"].startswith(own[LAKE]["light"])
    assert own[HILL]["css"] in ("above-met", "above-under")
    assert own[HILL]["held"] == "上级目标 ≥ 60%"
    # a count of the whole says nothing of a part
    assert made["alone"]
    assert all(c["is_reached_above"] is None for c in made["alone"])
    assert "上级目标 ≥ 60%" in text(opened("regions"))
    # a light is judged for the newest month only
    earlier = regions.grid(figures.cells(release, CITY, date(2020, 8, 1)), is_latest=False)
    then = next(i for i in earlier["indicators"] if i["code"] == "KG1")["cells"][LAKE]
    assert (then["css"], then["word"], then["held"]) == ("none", "", "本级目标 ≥ 50%")


@pytest.mark.parametrize(
    ("value", "direction", "expected"),
    [(1.25, "higher", ("升 1.25 个百分点", "green")), (1.25, "lower", ("升 1.25 个百分点", "yellow")),
     (-2, "lower", ("降 2 个百分点", "green")), (0.001, "higher", ("持平", "gray")),
     (None, "higher", ("不可比", "gray"))],
)  # fmt: skip
def test_a_change_says_its_way_and_whether_it_is_for_the_better(
    value: float | None, direction: str, expected: tuple[str, str]
) -> None:
    made = regions.change(value, "%", direction)
    assert (made["text"], made["css"]) == expected


def test_the_months_compared_with() -> None:
    assert regions.bases(date(2020, 1, 1)) == (date(2019, 12, 1), date(2019, 1, 1))


def test_the_balance_check_says_who_fails_and_by_what(crowded: Release) -> None:
    shown = text(opened("balance"))
    assert "1 项低于最低要求，如“骨干教师" in shown
    assert "还有 3 项没有数，报齐后判定" in shown
    assert "0.600" in shown
    assert "只有 1 所" in shown
    failing = text(opened("balance", state="未达标"))
    assert "还有 3 项没有数" not in failing


@pytest.mark.parametrize(
    ("known", "expected"),
    [({"measured_count": 7, "met_count": 5, "check_state": "未达标"}, "2 项没有达到标准，最多只能有 1 项"),
     ({"measured_count": 7, "met_count": 6, "check_state": "达标"}, "1 项略低于标准，未低于最低要求"),
     ({"measured_count": 7, "met_count": 7, "check_state": "达标"}, "各项都达到标准")],
)  # fmt: skip
def test_what_decides_a_school(known: dict[str, Any], expected: str) -> None:
    row = {"item_count": 7, "required_count": 6, "below_floor_count": 0, "lowest_item_name": None}
    assert balance.why(row | known) == expected


def test_scores_say_where_the_points_went(at_home: Path, release: Release) -> None:
    rows = assessments.scored(scores.assessments(release), scores.warnings(release))
    assert rows
    shown = text(opened("assessments"))
    for row in rows:
        assert row["unit_name"] in shown
        if row["score"] is not None and row["score"] > 0:
            lost = sum(float(part["points"]) for part in row["losses"])
            assert row["score"] + lost == pytest.approx(100, abs=0.1)


def test_a_warning_names_its_rule_and_filters_by_it(crowded: Release) -> None:
    shown = text(opened("assessments", rule="连续不报"))
    assert "黄牌 连续不报" in shown
    assert "连续3期未报" in shown


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_stay_text_and_a_mistyped_address_opens_the_page(crowded: Release, page: str) -> None:
    nonsense = dict.fromkeys(("region", "form", "list", "month", "indicator", "stage", "year", "rule"), "没有这样的")
    shown = text(opened(page, **nonsense))
    assert "没能打开" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    ("page", "words"),
    [("submissions", "没有应报的报表"), ("regions", "没有可比的数"), ("balance", "没有自查结果"),
     ("assessments", "没有可以考评的单位")],
)  # fmt: skip
def test_without_figures_a_page_says_what_to_do(
    altered: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch, page: str, words: str
) -> None:
    monkeypatch.setenv("DUBAN_HOME", str(altered("emptied", "".join(f"delete from marts.{t};" for t in EMPTIED))))
    shown = text(opened(page))
    assert words in shown
    assert "没能打开" not in shown
