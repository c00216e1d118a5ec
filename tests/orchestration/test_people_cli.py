"""People's acts from a terminal: matters from review to acceptance, and refusals that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from ingestion.landing import Landing
from ingestion.sample import write_sample
from ingestion.tables import TABLES
from orchestration.cli import app
from orchestration.commands.people import add_people_commands

Run = Callable[..., Result]
DOCUMENT = {"document_id": "doc", "file_name": "龙湾-2020.txt", "region_code": "330303", "plan_year": 2020}
COMMITMENTS = [
    {"commitment_id": "aaaaaaaa11111111", "document_id": "doc", "kind": "metric", "quote": "公办园占比达50%以上",
     "start_offset": 10, "number_text": "50%以上", "indicator": "公办园占比", "operator": ">=", "value": Decimal(50),
     "unit": "%", "deadline": date(2020, 12, 31), "locator": "第1段"},
    {"commitment_id": "bbbbbbbb22222222", "document_id": "doc", "kind": "deliverable", "quote": "制定甲办法",
     "start_offset": 40, "output": "甲办法", "deadline": date(2020, 6, 30), "locator": "第2段"},
]  # fmt: skip
WANG, LI = ("--by", "王敏", "--why", "核对原文"), ("--by", "李强", "--why", "已办理")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on a home with the sample's configuration and two landed commitments, nothing published."""
    home = tmp_path / "home"
    write_sample(home, schools=5, periods=1, seed=1)
    landing = Landing(home / "landing")
    for table, rows in (("plans__documents", [DOCUMENT]), ("plans__commitments", COMMITMENTS)):
        schema = TABLES[table]
        landing.replace(table, pl.DataFrame([{n: row.get(n) for n in schema} for row in rows], schema=schema))
    monkeypatch.setenv("DUBAN_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "300")
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    return result.output


def test_a_promise_goes_from_review_to_acceptance(run: Run, tmp_path: Path) -> None:
    assert done(run("review", "list", "--pending")).count("待核") == 2
    assert "已确认 2 项" in done(run("review", "confirm", "--plan", "龙湾-2020", "--all", *WANG))
    assert "已调整" in done(run("review", "edit", "aaaaaaaa", "--value", "55", "--set", "时限=2020-11-30", *WANG))
    assert ">= 55 %" in done(run("review", "list"))
    planned = done(run("task", "plan", "bbbbbbbb", "--lead", "330303-JJ", "--node", "起草@2020-05-31@初稿", *WANG))
    key = re.search(r"T[0-9a-f]{8}-1", planned)
    assert key
    done(run("task", "sign", key[0], "330303-JJ", *LI, "--date", "2020-03-10"))
    done(run("task", "done", key[0], 1, "--evidence", "初稿", "--date", "2020-05-20", *LI))
    done(run("task", "report", key[0], "办结", "--evidence", "第31号文", "--date", "2020-06-20", *LI))
    assert "核查人不能是填报人" in refused(run("task", "accept", key[0], *LI, "--date", "2020-06-25"))
    done(run("task", "accept", key[0], *WANG, "--date", "2020-06-25"))
    assert "已销号" in done(run("task", "list"))
    done(run("matter", "report", "bbbbbbbb", "办结", "--done", "2020-06-18", "--evidence", "第31号文", *LI))
    book = tmp_path / "分解立项表.xlsx"
    done(run("task", "export", book))
    assert "没有改动" in done(run("task", "import", book, *WANG))


def test_mistakes_are_undone_and_the_log_says_so(run: Run) -> None:
    done(run("review", "reject", "aaaaaaaa", *WANG))
    assert "已撤回 1 条（否决承诺）" in done(run("undo", 1, *WANG))
    done(run("review", "confirm", "aaaaaaaa", "bbbbbbbb", *WANG))
    assert "已撤回 2 条" in done(run("undo", 3, "--whole", *WANG))
    done(run("note", "bbbbbbbb", "抓紧", "--by", "李强"))
    log = done(run("log"))
    assert "已由第2号撤回" in log
    assert "内容：抓紧" in log
    assert "没有第99号事件" in refused(run("undo", 99, *WANG))


def test_the_calendar_and_the_lock(run: Run, tmp_path: Path) -> None:
    done(run("calendar", "add", "2020-09第2周", "慰问", "--unit", "330303-BG", *WANG))
    assert "第2周" in done(run("calendar", "list", "--month", "2020-09"))
    done(run("calendar", "export", tmp_path / "行事历.xlsx"))
    assert "没有改动" in done(run("calendar", "import", tmp_path / "行事历.xlsx", *WANG))
    done(run("calendar", "remove", "RL-1", *WANG))
    slot = ("unlock", "projects", "330303-JC", "2020-09", "--name", "陈局长", "--why", "迟到")
    done(run(*slot, "--until", "2099-01-01"))
    assert "已过" in refused(run(*slot, "--until", "2020-01-01"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", "confirm", *WANG), "请给出承诺编号"),
        (("review", "confirm", "aaa", *WANG), "没有编号为“aaa”的承诺"),
        (("review", "confirm", "--plan", "甲", "--all", *WANG), "现有工作要点：龙湾-2020.txt"),
        (("review", "edit", "aaaaaaaa", "--value", "五十", *WANG), "不是数字"),
        (("review", "edit", "aaaaaaaa", "--set", "目标值", *WANG), "要写成 名=值"),
        (("review", "suspend", "aaaaaaaa", *WANG), "确认之后才能"),
        (("review", "link", "aaaaaaaa", "无此卡", *WANG), "没有指标卡“无此卡”"),
        (("task", "plan", "aaaaaaaa", "--lead", "督导室", *WANG), "有5个单位符合"),
        (("task", "plan", "aaaaaaaa", "--lead", "330303-JJ", *WANG), "确认之后才能立项"),
        (("task", "plan", "aaaaaaaa", "--lead", "330303-JJ", "--node", "招标", *WANG), "名称@日期"),
        (("task", "accept", "T1-1", *WANG), "没有任务“T1-1”"),
        (("task", "node", "T1-1", *WANG), "请用 --set"),
        (("task", "import", "没有.xlsx", *WANG), "找不到文件"),
        (("calendar", "add", "九月", "会", *WANG), "请写成 2020-09-10"),
        (("rectify", "open", "aaaaaaaa", *WANG), "请先运行 duban refresh"),
        (("rectify", "cause", "ZG1-1", "甲", *WANG), "没有整改“ZG1-1”"),
        (("approve", "submit", "无此表", "2020-09", "330303", *WANG), "没有报表“无此表”"),
        (("approve", "submit", "projects", "上月", "330303", *WANG), "不是"),
        (("submission", "withdraw", "7", *WANG), "没有文件 7"),
        (("finding", "confirm", "abcdef", *WANG), "没有编号为"),
        (("year", "close", "2020", *WANG), "请先运行 duban refresh"),
        (("year", "open", "2021", *WANG), "2020年还没有封账"),
        (("restore", "没有"), "不是备份文件夹"),
    ],
)
def test_a_refusal_is_in_chinese_and_says_what_to_do(run: Run, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(run(*arguments))
    assert "还没有封账" in done(run("year", "list"))


def commands(group: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for command in group.registered_commands:
        yield (*path, command.name or getattr(command.callback, "__name__", ""))
    for sub in group.registered_groups:
        assert sub.typer_instance
        yield from commands(sub.typer_instance, (*path, sub.name or ""))


def test_every_act_is_taught_with_an_example() -> None:
    people = typer.Typer()
    add_people_commands(people)
    named = list(commands(people))
    assert len(named) > 45
    for path in named:
        told = CliRunner().invoke(app, [*path, "--help"])
        assert told.exit_code == 0, path
        assert re.search(r"例：\s*(DUBAN_HOME=\S+\s+)?duban", re.sub(r"[│\n]", " ", told.output)), path
