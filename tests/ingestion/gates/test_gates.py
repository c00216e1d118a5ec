"""Great Expectations decides the quarantine: without an expectation its planted error loads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ingestion.gates import quarantine, runner, suites
from ingestion.workbooks.form_rules import is_across_files
from ingestion.workbooks.forms import Rule
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, SECOND, Home, template_rows, xlsx

FORM = FORMS["kindergarten"]


def wide(**changes: object) -> pl.DataFrame:
    """Two good rows; `changes` replace cells of the second."""
    row = {"file_id": 1, "sheet_no": 1, "row_no": 4, "reporter_code": "1", "reporter_state": "已登记"}
    row |= {"period_state": "已开始", "period_no": 18506, "record_key": ""}
    for element, value in zip(FORM.elements.values(), KINDERGARTEN, strict=True):
        row |= {element.code: float(value) if element.is_number else value}
    return pl.DataFrame([row, row | {"row_no": 5, "reporter_code": "2", **changes}])


def cells(**changes: object) -> pl.DataFrame:
    """The same cell by cell; `<element>#state` in `changes` is the state of one."""
    states = {name.removesuffix("#state"): state for name, state in changes.items() if name.endswith("#state")}
    values = {name: value for name, value in changes.items() if name in FORM.elements}
    return pl.DataFrame(
        [
            {
                "file_id": 1, "sheet_no": 1, "row_no": row["row_no"], "element_code": element.code,
                "number": row[element.code] if element.is_number else None,
                "state": states.get(element.code, "可读") if row["row_no"] == 5 else "可读",
            }
            for row in wide(**values).iter_rows(named=True)
            for element in FORM.elements.values()
        ]
    )  # fmt: skip


def run(gates: list[suites.Gate], **changes: object) -> pl.DataFrame:
    """What fails of these gates, each over its own kind of batch."""
    rows = {name: value for name, value in changes.items() if not name.endswith("#state")}
    of_cells, of_rows = [g for g in gates if g.of_cells], [g for g in gates if not g.of_cells]
    return pl.concat([runner.run(of_cells, cells(**changes)), runner.run(of_rows, wide(**rows))])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"carers#state": "无法识别"}, "KG001"),
        ({"carers": -1.0}, "KG002"),
        ({"classes": 3.5}, "KG003"),
        ({"teachers_certified": 13.0}, "KG004"),
        ({"staff_qualified": 17.0}, "KG005"),
        ({"pupils": 500.0}, "KG006"),
        ({"reporter_code": "1"}, "KG008"),
        ({"reporter_state": "未登记"}, "KG009"),
        ({"period_state": "未开始"}, "KG010"),
    ],
)
def test_each_rule_finds_its_planted_error_and_nothing_else_does(change: dict[str, object], rule: str) -> None:
    gates = [gate for gate in suites.compile_form(FORM) if gate.rule.code != "KG007"]
    failed = run([g for g in gates if g.rule.code == rule], **change)
    assert 5 in failed["row_no"].to_list()
    assert set(failed["row_no"]) <= ({4, 5} if rule == "KG008" else {5})
    named = {name.removesuffix("#state") for name in change}
    assert set(failed["element_code"].drop_nulls()) <= named
    assert run([g for g in gates if g.rule.code == rule]).is_empty()


def test_a_missing_value_fails_no_bound() -> None:
    bounds = [g for g in suites.compile_form(FORM) if g.rule.kind not in {"readable", "required", "registered"}]
    assert len(bounds) > 3
    assert run(bounds, pupils=None, teachers=None).is_empty()


def test_a_rule_of_cells_is_one_expectation_however_many_elements_it_names() -> None:
    gates = [g for g in suites.compile_form(FORM) if g.rule.code == "KG001"]
    assert [len(g.elements) for g in gates] == [len(FORM.elements)]
    failed = run(gates, **{"carers#state": "无法识别", "area#state": "无法识别"})
    assert sorted(failed["element_code"]) == ["area", "carers"]


def test_without_its_expectation_a_planted_error_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ["2130000002", "甲二幼儿园", -60, *SECOND[3:]]
    data = xlsx(template_rows("kindergarten", KINDERGARTEN, wrong))
    guarded = Home(tmp_path / "guarded")
    guarded.put("a.xlsx", data)
    guarded.take_in()
    assert guarded.values("pupils") == {"2130000001": Decimal(90), "2130000002": "隔离"}

    def without_minimum(form):
        return [gate for gate in suites.compile_form(form) if gate.rule.kind not in {"minimum", "ratio_between"}]

    monkeypatch.setattr(quarantine, "compile_form", without_minimum)
    open_home = Home(tmp_path / "open")
    open_home.put("a.xlsx", data)
    open_home.take_in()
    assert open_home.values("pupils") == {"2130000001": Decimal(90), "2130000002": Decimal(-60)}
    assert open_home.findings() == []


def test_an_exception_inside_a_result_is_a_failure_and_nothing_lands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = suites.gxe.ExpectColumnValuesToBeBetween(column="no_such_column", min_value=0)
    gate = replace(suites.compile_form(FORM)[0], expectation=broken)
    with pytest.raises(runner.GateError, match="无法执行"):
        runner.run([gate], cells())
    monkeypatch.setattr(quarantine, "compile_form", lambda form: [gate])
    home = Home(tmp_path / "home")
    home.put("a.xlsx", xlsx(template_rows("kindergarten", KINDERGARTEN)))
    with pytest.raises(runner.GateError):
        home.take_in()
    assert home.landing.read("forms__values").is_empty()


def test_an_unknown_kind_or_a_missing_parameter_is_named() -> None:
    odd = Rule("KG900", "有效性", "smell", ("pupils",), {}, "消息", "修改")
    with pytest.raises(suites.RuleError, match=r"KG900.*smell"):
        suites.compile_form(replace(FORM, rules=(odd,)))
    with pytest.raises(suites.RuleError, match=r"KG900.*minimum"):
        suites.compile_form(replace(FORM, rules=(replace(odd, kind="minimum"),)))


def test_batches_are_bounded_and_never_cut_a_file() -> None:
    frame = pl.DataFrame({"file_id": [n // 4 for n in range(40)], "row_no": list(range(40))})
    parts = quarantine._bounded(frame, 10)
    assert len(parts) > 1
    assert sum(map(len, parts)) == 40
    seen = [set(part["file_id"]) for part in parts]
    assert all(not a & b for i, a in enumerate(seen) for b in seen[i + 1 :])


def test_every_shipped_form_compiles() -> None:
    for form in FORMS.values():
        gates = suites.compile_form(form)
        own = {rule.code for rule in form.rules if rule.is_active and not is_across_files(rule)}
        assert {gate.rule.code for gate in gates} == own
