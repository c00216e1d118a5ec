"""The command as a person meets it: help that teaches, records on stdout, errors in Chinese, exit codes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROJECT_ROOT, Ran, duban_started

Run = Callable[..., Ran]
COMMANDS = [
    "refresh",
    "init",
    "config",
    "extract",
    "check",
    "sql",
    "status",
    "app",
    "dev",
    "sample",
    "rollback",
    "review",
    "form",
    "template",
    "trace",
]
# fmt: off
RECORD_KEYS = [
    "id", "kind", "quote", "start", "end", "number_text", "number_start", "number_end", "indicator", "indicator_code",
    "operator", "value", "value_high", "unit", "baseline", "deadline", "strength", "confidence", "responsible_unit",
    "per", "recurrence", "item_path", "locator", "milestone", "work_type", "projects", "stated_count", "output",
    "restates", "part_of", "note",
]
# fmt: on
HEAVY = {"dagster", "dbt", "duckdb", "polars", "pandas", "great_expectations", "streamlit"}


@pytest.fixture
def run() -> Run:
    """Here the command is started as a person starts it."""
    return duban_started


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_every_command(command: str, tmp_path: Path, run: Run) -> None:
    ran = run(tmp_path, command, "--help")
    assert ran.code == 0
    assert any("\u4e00" <= letter <= "\u9fff" for letter in ran.out)


def test_extract_prints_records_with_the_contracts_keys_and_exact_places(tmp_path: Path, run: Run) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(
        "某区2022年教育工作要点\r\n一、学前教育\r\n普惠性幼儿园覆盖率达到91%以上。\r\n", "utf-8-sig", newline=""
    )
    ran = run(tmp_path, "extract", str(plan), "--format", "jsonl")
    assert (ran.code, ran.err) == (0, "")
    (record,) = [json.loads(line) for line in ran.out.splitlines()]
    assert list(record) == RECORD_KEYS
    text = plan.read_bytes().decode("utf-8")
    assert text[record["start"] : record["end"]] == record["quote"]
    assert text[record["number_start"] : record["number_end"]] == record["number_text"] == "91%以上"
    assert (record["operator"], record["value"], record["unit"], record["deadline"]) == (">=", 91, "%", "2022-12-31")
    run(tmp_path, "extract", str(plan), "--text", "--out", str(tmp_path / "text"))
    assert (tmp_path / "text").read_bytes() == plan.read_bytes()


def test_extract_gives_the_year_it_is_told_and_none_otherwise(tmp_path: Path, run: Run) -> None:
    plan = tmp_path / "excerpt.txt"
    plan.write_text("新增学前教育学位300个。", "utf-8")
    for arguments, deadline in (((), None), (("--year", "2024"), "2024-12-31")):
        ran = run(tmp_path, "extract", str(plan), "--format", "jsonl", *arguments)
        assert json.loads(ran.out)["deadline"] == deadline


def test_extract_counts_every_numeral(tmp_path: Path, run: Run) -> None:
    ran = run(tmp_path, "extract", str(PROJECT_ROOT / "data/plans/dongli-2020.txt"), "--coverage", "--format", "jsonl")
    labels = [json.loads(line)["label"] for line in ran.out.splitlines()]
    assert "目标" in labels
    assert labels.count("未解析") <= len(labels) * 0.2


def test_extract_imports_nothing_of_the_warehouse(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("甲区2031年教育工作要点\n建成甲小学。", "utf-8")
    code = f"""if True:
        import sys
        from orchestration.cli import app
        app(["extract", {str(plan)!r}, "--format", "jsonl"], standalone_mode=False)
        print(*({HEAVY!r} & set(sys.modules)), file=sys.stderr)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT_ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.split() == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("没有.txt", None, "找不到文件"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为"),
        ("空.txt", b"", "空"),
        ("坏.pdf", b"%PDF-1.4 nothing", "读不出来"),
    ],
)
def test_extract_says_in_chinese_what_to_do_with_a_bad_file(
    tmp_path: Path, run: Run, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = run(tmp_path, "extract", str(tmp_path / name), "--format", "jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_check_finds_what_reception_would_find(refreshed_home: Path, run: Run) -> None:
    answers = json.loads((refreshed_home / "answers.json").read_text("utf-8"))
    planted = next(a for a in answers if a["fault"] == "部分大于整体")
    ran = run(refreshed_home, "check", str(refreshed_home / "inbox" / planted["file"]))
    assert ran.code == 1
    assert planted["cell"] in ran.out


def test_sql_answers_and_refuses(refreshed_home: Path, run: Run) -> None:
    ran = run(refreshed_home, "sql", "select count(*) as n from fct_attainments", "--format", "csv")
    assert (ran.code, ran.out.split()[0], int(ran.out.split()[1]) > 0) == (0, "n", True)
    assert "演示数据" in ran.err
    refused = run(refreshed_home, "sql", "drop table fct_attainments")
    assert (refused.code, refused.out) == (2, "")
    assert "错误" in refused.err


def test_csv_cells_that_a_spreadsheet_would_run_are_escaped(refreshed_home: Path, run: Run) -> None:
    ran = run(refreshed_home, "sql", "select '=1+1' as t, -5 as n", "--format", "csv")
    assert ran.out.splitlines() == ["t,n", "'=1+1,-5"]


def test_status_before_and_after_the_first_publish(refreshed_home: Path, tmp_path: Path, run: Run) -> None:
    before = run(tmp_path / "empty", "status")
    assert (before.code, "duban refresh" in before.out) == (2, True)
    after = run(refreshed_home, "status")
    assert (after.code, "第 1 版" in after.out) == (0, True)


def test_sample_refuses_a_folder_that_holds_something(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.txt").write_text("keep", "utf-8")
    ran = run(tmp_path, "sample", "--out", str(tmp_path))
    assert (ran.code, "不是空文件夹" in ran.err) == (2, True)
