"""`duban plans` from the outside: files compared and counted without a warehouse, a release asked for the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app

run = CliRunner().invoke


@pytest.fixture
def two_years(tmp_path: Path) -> list[str]:
    texts = {
        "2021.txt": "甲区2021年教育工作要点\n新增学位1000个。6月底前建成锦绣小学。巩固率达到95%。\n",
        "2022.txt": "甲区2022年教育工作要点\n新增学位800个。8月底前建成锦绣小学。巩固率达到95%。\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return [str(tmp_path / name) for name in texts]


def test_two_files_are_compared(two_years):
    done = run(app, ["plans", "diff", *two_years, "--format", "json"])
    assert done.exit_code == 0, done.output
    assert [row["变化"] for row in json.loads(done.stdout)] == ["降低", "推迟"]
    assert "延续 1" in done.stderr


def test_what_goes_on_is_shown_on_request(two_years):
    rows = json.loads(run(app, ["plans", "diff", *two_years, "--kept", "--format", "json"]).stdout)
    assert [row["变化"] for row in rows] == ["降低", "推迟", "延续"]


def test_every_number_has_a_label(two_years):
    rows = json.loads(run(app, ["plans", "numbers", two_years[0], "--format", "json"]).stdout)
    assert [(row["数字"], row["归类"]) for row in rows] == [
        ("2021", "日期"), ("1000", "目标"), ("6", "日期"), ("95", "目标"),
    ]  # fmt: skip
    only = json.loads(run(app, ["plans", "numbers", two_years[0], "--label", "目标", "--format", "json"]).stdout)
    assert [(row["数字"], row["位置"]) for row in only] == [("1000", "第2段"), ("95", "第2段")]


def test_what_a_reading_lacks_is_told_beside_it(tmp_path):
    for text, says in (
        ("新增学位1000个。\n", "没有写明年度"),
        ("2031年工作要点\n坚持立德树人。\n", "没有读到任何承诺"),
    ):
        (tmp_path / "a.txt").write_text(text, "utf-8")
        done = run(app, ["extract", str(tmp_path / "a.txt"), "--format", "jsonl"])
        assert done.exit_code == 0
        assert says in done.stderr
        assert says not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["plans", "diff", "nowhere.txt", "nowhere.txt"], "找不到文件"),
        (["plans", "gaps", "--kind", "别的"], "无指标、无数据 或 未使用"),
        (["plans", "numbers", "data/plans/longwan-2020.txt", "--label", "别的"], "有的归类：日期、"),
    ],
)
def test_mistakes_are_told(arguments, says):
    done = run(app, arguments)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_release_lists_plans_and_gaps(refreshed_home):
    home = {"DUBAN_HOME": str(refreshed_home)}
    listed = json.loads(run(app, ["plans", "list", "--format", "json"], env=home).stdout)
    assert len(listed) == 5
    assert all(row["版次"] == "有效" and row["承诺"] >= row["已确认"] + row["待核"] > 0 for row in listed)
    assert not any(row["地区"].isdigit() for row in listed)
    measured = json.loads(run(app, ["plans", "measured", "--format", "json"], env=home).stdout)
    assert {row["文件"]: row["承诺"] for row in measured} == {row["文件"]: row["承诺"] for row in listed}
    for row in measured:
        assert row["承诺"] == row["计入"] + row["重复表述"]
        assert row["计入"] == row["亮灯"] + row["灰"]
        assert row["灰"] == sum(int(why.split()[1]) for why in row["灰的原因"].split("、"))
    gaps = json.loads(run(app, ["plans", "gaps", "--format", "json"], env=home).stdout)
    assert {row["类别"] for row in gaps} >= {"无指标", "未使用"}
    assert all(row["说明"] for row in gaps)
