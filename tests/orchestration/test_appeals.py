"""`duban appeal` over the demonstration: what is taken off is listed, appealed, decided; refusals say what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app


@pytest.mark.usefixtures("home")
def test_a_deduction_is_appealed_and_decided(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["appeal", *arguments])
        return result.exit_code, result.output

    code, listed = run("list")
    keys = re.findall(r"\w+\|[\w-]+\|\d{4}-\d\d-\d\d", listed)
    assert code == 0 and keys, listed
    form, unit, period = keys[0].split("|")
    li, wang = ("--by", "李强", "--why", "停电两天"), ("--by", "王敏", "--why", "供电证明属实")
    code, said = run("file", form, unit, period[:7], *li)
    assert code == 0 and keys[0] in said and "撤回：duban undo" in said
    assert run("file", form, unit, period[:7], *li)[0] == 2
    assert "待裁定" in run("list", "--appealed")[1]
    assert run("decide", keys[0], "采纳", *li)[0] == 2
    assert run("decide", keys[0], "采纳", *wang)[0] == 0
    assert "采纳" in run("list", "--unit", unit, "--appealed")[1]
