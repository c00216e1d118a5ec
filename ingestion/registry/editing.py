"""Adjusting what was extracted: a person writes a target, unit or deadline as it should be read. The text itself stays.

An edit is a review too (已调整). Here: which fields can be adjusted and what each may say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ingestion.registry.acts import Act, Who, day, number, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import EDITED, Reviewed, follow
from ingestion.registry.vocabulary import EDITABLE

# fmt: off
LABELS = {
    "kind": "类型", "indicator": "指标", "indicator_code": "指标代码", "operator": "比较符", "value": "目标值",
    "value_high": "目标上限", "unit": "计量单位", "baseline": "基数", "deadline": "时限", "strength": "力度",
    "responsible_unit": "责任单位", "milestone": "节点", "work_type": "建设性质", "stated_count": "个数",
    "output": "成果名称",
}
ADMITTED = {
    "kind": ("metric", "count", "money", "milestone", "deliverable"),
    "operator": (">=", "<=", "==", "range", "increase", "decrease"),
    "milestone": ("前期", "开工", "主体完工", "建成", "投用", "改扩建", "装修", "改建"),
    "work_type": ("新建", "改扩建", "改建", "装修", "迁建"),
}
# fmt: on
# an edit of these must leave them fitting one another
_BOUND = {"kind", "operator", "value", "value_high"}
_NUMBERS = ("value", "value_high", "baseline", "stated_count")
# what a landed row, and a row of fct_commitments, calls these fields
_ALSO = {
    "value": "target_value",
    "value_high": "target_high_value",
    "baseline": "stated_baseline_value",
    "deadline": "deadline_date",
}


def edit(
    registry: Registry,
    commitment: Reviewed,
    extracted: Mapping[str, Any],
    changes: Mapping[str, object],
    who: Who,
    indicators: Mapping[str, str] | None = None,
) -> int:
    """Adjust fields of one commitment and thereby confirm it; returns the event's number.

    `extracted` is its row (plans__commitments or fct_commitments), `changes` field → new value, "" to clear it;
    `indicators` (code → name) are the cards there are. Raises RegistryError naming every field that cannot be so.
    """
    wrong = [f"没有“{name}”这一项，可改：{'、'.join(EDITABLE)}" for name in changes if name not in EDITABLE]
    new: dict[str, str] = {}
    for name in changes.keys() & LABELS.keys():
        try:
            new[name] = _written(name, changes[name])
        except RegistryError as error:
            wrong.append(str(error))
    code = new.get("indicator_code")
    if code and indicators is not None and code not in indicators:
        wrong.append(f"没有指标卡“{code}”，请先在配置中建立")
    with registry.deciding():
        now = present(extracted, follow(standing(registry, "commitment"), [commitment])[commitment.commitment_id])
        wrong += _contradictions(now | new) if new.keys() & _BOUND else []
        if wrong:
            raise RegistryError("；".join(wrong))
        differing = {
            name: {"old": now[name], "new": new[name]} for name in EDITABLE if new.get(name, now[name]) != now[name]
        }
        if not differing:
            raise RegistryError("所填与现在的内容相同，没有要调整的")
        return record(registry, [commitment.event(EDITED, who, changes=differing)])[0]


def present(extracted: Mapping[str, Any], acts: Iterable[Act]) -> dict[str, str]:
    """Every editable field as text with the standing edits applied, "" where empty."""
    fields = {name: _written(name, extracted.get(name, extracted.get(_ALSO.get(name, name)))) for name in EDITABLE}
    for act in acts:
        if act.event_type == EDITED:
            fields |= {name: change["new"] for name, change in act.payload["changes"].items()}
    return fields


def _written(name: str, value: object) -> str:
    if value is None or str(value).strip() == "":
        return ""
    if name in _NUMBERS:
        return number(value, LABELS[name])
    if name == "deadline":
        return day(str(value), LABELS[name])
    text = str(value).strip()
    if name in ADMITTED and text not in ADMITTED[name]:
        raise RegistryError(f"{LABELS[name]}“{text}”不对，只能是：{'、'.join(ADMITTED[name])}")
    return text


def _contradictions(fields: Mapping[str, str]) -> list[str]:
    """What cannot stand together; `fields` as after the edit."""
    wrong = []
    if fields["operator"] == "range" and not (fields["value"] and fields["value_high"]):
        wrong.append("比较符为 range（区间）时，目标值和目标上限都要填")
    if fields["value"] and fields["value_high"] and Decimal(fields["value_high"]) < Decimal(fields["value"]):
        wrong.append(f"目标上限 {fields['value_high']} 小于目标值 {fields['value']}")
    if fields["kind"] in {"metric", "count", "money"} and not fields["value"]:
        wrong.append("指标、数量、资金类承诺必须有目标值")
    return wrong
