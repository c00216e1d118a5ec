"""The words of the log: every kind of event, what it is about, how that is keyed, what its payload says.

Here: the one table that services, SQL and pages read. Not here: checking an event against it (checking.py), whether an
act fits what was done before (the services), what it means for figures (dbt_project/models).

How a payload is written:
- a date is text YYYY-MM-DD; a number is decimal text such as "96" or "0.5" (SQL casts it); an integer is a JSON
  integer; a list is a JSON array of text. A field that has nothing to say is absent, or null.
- WORDS attach an event to (document, quote, number) besides the commitment's id, so that it survives re-extraction.
- `act` ties together the events of one act (a bulk confirmation, a year's close), which can be undone together.
- created, changed, set and added events carry the whole state of their subject: the last one standing decides, and no
  field of an earlier one is merged in. Only commitment.edited carries differences: changes.<field>.old and
  changes.<field>.new as text, "" where the field is empty (before, or from now on); fields not named stay as extracted.
- An event counts unless an event.undone names it (column undoes_event_no).

Digest of an approval: what stands in fct_submissions of the release that was approved. Take the rows with is_accepted
of one form_code, period_start_date and region_code; write each as reporter_code || ':' || sha256 of its file
(fct_files by file_id); sort these texts ascending by code point, join them with ',' (no blank), and take md5 of the
UTF-8 text as lower-case hex. No rows: md5 of the empty text. `accepted_digest` below is the same in Python.
An approval is void as soon as the digest over the present rows differs from its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

UNDONE = "event.undone"

# fmt: off
TEXT, DATE, NUMBER, INTEGER, LIST, MAP = "text", "date", "number", "integer", "list", "map"
PROGRESS = ("未启动", "进行中", "办结")
CHECKS = ("通过", "不通过")
PRECISIONS = ("日", "周", "月")
RULINGS = ("采纳", "驳回")
EDITABLE = (
    "kind", "indicator", "indicator_code", "operator", "value", "value_high", "unit", "baseline", "deadline",
    "strength", "responsible_unit", "milestone", "work_type", "stated_count", "output",
)


@dataclass(frozen=True)
class Field:
    """One field of a payload: its type, its name for people, whether it may be absent, the values it may have."""

    type: str
    label: str
    optional: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventType:
    """One kind of event. `subject_types` are the admitted ones; `key` tells how the subject's key is made."""

    label: str
    subject_types: tuple[str, ...]
    key: str
    fields: dict[str, Field]


def _required(type_: str, **labels: str) -> dict[str, Field]:
    return {name: Field(type_, label) for name, label in labels.items()}


def _optional(type_: str, **labels: str) -> dict[str, Field]:
    return {name: Field(type_, label, optional=True) for name, label in labels.items()}


WORDS = _required(TEXT, plan="工作要点", quote="原文") | _optional(TEXT, number_text="数字", kind="类型")
LOOSE_WORDS = {name: Field(TEXT, field.label, optional=True) for name, field in WORDS.items()}
ACT = _optional(TEXT, act="同一次办理的编号")

_COMMITMENT, _COMMITMENT_KEY = ("commitment",), "commitment_id"
_TASK, _TASK_KEY = ("task",), "task_key"
_NODE, _NODE_KEY = ("node",), 'task_key + "/" + node_no'
_RECTIFICATION, _RECTIFICATION_KEY = ("rectification",), "rectification_key"
_APPROVAL, _APPROVAL_KEY = ("approval",), "form_code|period_start_date|region_code"
_SUBMISSION, _SUBMISSION_KEY = ("submission",), "file_id|reporter_code|period_start_date, as first read"
_CALENDAR, _CALENDAR_KEY = ("calendar",), "calendar_key"
_APPEAL, _APPEAL_KEY = ("appeal",), "form_code|reporter_code|period_start_date"

_TASK_STATE = (
    _required(TEXT, commitment_id="承诺编号") | WORDS | _required(TEXT, task_name="任务", lead_unit_code="牵头单位")
    | _required(LIST, assisting_unit_codes="配合单位") | _required(DATE, due_date="完成时限")
    | _optional(TEXT, person="责任人", origin_task_key="结转自任务") | _optional(INTEGER, task_year="年度")
)
_NODE_STATE = (
    _required(TEXT, task_key="任务编号") | _required(INTEGER, node_no="节点序号") | _required(TEXT, node_name="节点")
    | _required(DATE, due_date="节点时限") | _optional(TEXT, evidence_required="须交佐证")
)
_NODE_KEYS = _required(TEXT, task_key="任务编号") | _required(INTEGER, node_no="节点序号")
_CALENDAR_STATE = (
    _required(TEXT, matter="事项") | _required(DATE, entry_date="日期")
    | {"date_precision": Field(TEXT, "日期精确到", among=PRECISIONS)} | _optional(DATE, end_date="结束日期")
    | _optional(TEXT, unit_code="责任单位", region_code="区划", commitment_id="承诺编号", task_key="任务编号")
    | _optional(TEXT, note="备注") | LOOSE_WORDS
)
_APPROVED = (
    _required(TEXT, form_code="报表", region_code="区划", digest="数据摘要")
    | _required(DATE, period_start_date="报告期")
    | _optional(INTEGER, submission_count="已收份数", release_sequence="依据的发布版")
)
_SUBMITTED = (
    _required(TEXT, form_code="报表", reporter_code="填报单位") | _required(DATE, period_start_date="报告期")
    | _required(INTEGER, file_id="文件编号") | _optional(TEXT, sha256="文件摘要", file_name="文件名")
)
_SINCE = WORDS | _required(DATE, since_date="起始日期")

EVENT_TYPES: dict[str, EventType] = {
    # review: 草稿 (drafted) 待核 (nothing stands) 已确认 (confirmed) 已调整 (edited) 撤销 (rejected): the last standing
    # decides, but a standing edit keeps its changes until undone, so that confirming after an edit stays 已调整
    "commitment.confirmed": EventType("确认承诺", _COMMITMENT, _COMMITMENT_KEY, WORDS),
    "commitment.rejected": EventType("否决承诺", _COMMITMENT, _COMMITMENT_KEY, WORDS),
    "commitment.drafted": EventType("退回草稿", _COMMITMENT, _COMMITMENT_KEY, WORDS),
    "commitment.edited": EventType("调整承诺", _COMMITMENT, _COMMITMENT_KEY,
        WORDS | _required(MAP, changes="改动")),
    # the course of a confirmed commitment; the last standing of the three decides
    "commitment.suspended": EventType("暂缓", _COMMITMENT, _COMMITMENT_KEY,
        _SINCE | _optional(DATE, until_date="暂缓至")),
    "commitment.terminated": EventType("终止", _COMMITMENT, _COMMITMENT_KEY, _SINCE),
    "commitment.resumed": EventType("恢复", _COMMITMENT, _COMMITMENT_KEY, _SINCE),
    "commitment.carried": EventType("结转承诺", _COMMITMENT, _COMMITMENT_KEY, WORDS
        | _required(INTEGER, from_year="由年度", to_year="至年度", release_sequence="封版")
        | _optional(TEXT, light="亮灯", status="状态")
        | _optional(NUMBER, target_value="目标值", attained_value="完成值")),
    "link.confirmed": EventType("确认对应指标", _COMMITMENT, _COMMITMENT_KEY,
        LOOSE_WORDS | _required(TEXT, indicator_code="指标代码")),
    "indicator.confirmed": EventType("确认口径", ("indicator",), "indicator_code",
        _required(TEXT, definition_version="口径版本")),
    # root_commitment_id (whole_commitment_id) is the commitment's own id where a person says that it repeats (is part
    # of) none
    "restatement.confirmed": EventType("确认重复表述", _COMMITMENT, _COMMITMENT_KEY, WORDS
        | _required(TEXT, root_commitment_id="主项编号")
        | _optional(TEXT, root_quote="主项原文", root_number_text="主项数字")),
    "part.confirmed": EventType("确认组成部分", _COMMITMENT, _COMMITMENT_KEY, WORDS
        | _required(TEXT, whole_commitment_id="总项编号")
        | _optional(TEXT, whole_quote="总项原文", whole_number_text="总项数字")),
    # the subject is the clause that gives way to kept_commitment_id; its own id where both stand (no conflict after
    # all, then other_commitment_id names the other one)
    "conflict.decided": EventType("裁定矛盾条款", _COMMITMENT, _COMMITMENT_KEY, WORDS
        | _required(TEXT, kept_commitment_id="保留条款")
        | _optional(TEXT, kept_quote="保留条款原文", kept_number_text="保留条款数字", other_commitment_id="另一条款")),
    # decomposition
    "task.created": EventType("立项", _TASK, _TASK_KEY, _TASK_STATE),
    "task.changed": EventType("修改任务", _TASK, _TASK_KEY, _TASK_STATE),
    "task.removed": EventType("删除任务", _TASK, _TASK_KEY, _required(TEXT, commitment_id="承诺编号")),
    "node.set": EventType("设置节点", _NODE, _NODE_KEY, _NODE_STATE),
    "node.removed": EventType("删除节点", _NODE, _NODE_KEY, _NODE_KEYS),
    "node.reported": EventType("节点完成", _NODE, _NODE_KEY, _NODE_KEYS
        | _required(DATE, done_date="完成日期") | _required(TEXT, evidence="佐证") | _optional(TEXT, note="备注")),
    "task.signed": EventType("签收", _TASK, _TASK_KEY, _required(TEXT, unit_code="签收单位")
        | _required(DATE, signed_date="签收日期")),
    "task.reported": EventType("进度填报", _TASK, _TASK_KEY, {"status": Field(TEXT, "进度", among=PROGRESS)}
        | _required(DATE, report_date="填报日期") | _optional(NUMBER, progress_pct="完成百分比")
        | _optional(TEXT, evidence="佐证", note="备注")),
    "task.accepted": EventType("核查销号", _TASK, _TASK_KEY, _required(DATE, accepted_date="销号日期")
        | _optional(TEXT, note="核查意见")),
    "task.returned": EventType("核查退回", _TASK, _TASK_KEY, _required(DATE, returned_date="退回日期")
        | _required(TEXT, note="核查意见") | _optional(DATE, redo_due_date="重新办理时限")),
    "matter.reported": EventType("成果填报", _COMMITMENT, _COMMITMENT_KEY, WORDS
        | {"status": Field(TEXT, "进度", among=PROGRESS)} | _required(DATE, report_date="填报日期")
        | _optional(DATE, done_date="办结日期") | _optional(TEXT, evidence="佐证", note="备注")),
    # data
    "finding.confirmed": EventType("确认可疑数据属实", ("finding",), "finding_id", _optional(TEXT, rule_code="规则",
        form_code="报表", reporter_code="填报单位", cell="单元格", raw_value="填写的值", element_code="数据项")
        | _optional(DATE, period_start_date="报告期") | _optional(INTEGER, file_id="文件编号")),
    "unlock.granted": EventType("解锁补报", ("unlock",), "form_code|reporter_code|period_start_date",
        _required(TEXT, form_code="报表", reporter_code="填报单位", name="批准补报的人")
        | _required(DATE, period_start_date="报告期", expires_date="有效期至")),
    "submission.withdrawn": EventType("撤回报送", _SUBMISSION, _SUBMISSION_KEY, _SUBMITTED),
    "submission.reassigned": EventType("改正归属", _SUBMISSION, _SUBMISSION_KEY, _SUBMITTED
        | _required(TEXT, new_reporter_code="应属单位") | _required(DATE, new_period_start_date="应属报告期")),
    # approvals in this order; 退回 sends the subject back to its beginning
    "approval.submitted": EventType("报送", _APPROVAL, _APPROVAL_KEY, _APPROVED),
    "approval.reviewed": EventType("校审", _APPROVAL, _APPROVAL_KEY, _APPROVED),
    "approval.locked": EventType("锁定", _APPROVAL, _APPROVAL_KEY, _APPROVED),
    "approval.published": EventType("发布", _APPROVAL, _APPROVAL_KEY, _APPROVED),
    "approval.returned": EventType("退回", _APPROVAL, _APPROVAL_KEY, _APPROVED),
    # rectification 自查 (opened) → 差距 (cause_set) → 措施 (measures_set, reported) → 复核 (checked) → 销号 (closed)
    "rectification.opened": EventType("整改立项", _RECTIFICATION, _RECTIFICATION_KEY, _required(TEXT,
        commitment_id="承诺编号", unit_code="整改单位") | WORDS | _required(DATE, due_date="整改时限")
        | _optional(NUMBER, target_value="目标值", attained_value="完成值", gap="差距")
        | _optional(TEXT, unit="计量单位", light="亮灯", status="状态", person="责任人")
        | _optional(DATE, evaluation_date="评价日期") | _optional(INTEGER, release_sequence="依据的发布版")),
    "rectification.cause_set": EventType("查明原因", _RECTIFICATION, _RECTIFICATION_KEY, _required(TEXT, cause="原因")),
    "rectification.measures_set": EventType("制定措施", _RECTIFICATION, _RECTIFICATION_KEY,
        _required(TEXT, measures="整改措施") | _required(DATE, due_date="整改时限") | _optional(TEXT, person="责任人")),
    "rectification.reported": EventType("整改进展", _RECTIFICATION, _RECTIFICATION_KEY,
        _required(TEXT, progress="进展") | _required(DATE, report_date="填报日期") | _optional(TEXT, evidence="佐证")),
    "rectification.checked": EventType("复核", _RECTIFICATION, _RECTIFICATION_KEY,
        {"result": Field(TEXT, "复核结论", among=CHECKS)} | _required(DATE, checked_date="复核日期")
        | _optional(TEXT, note="复核意见")),
    "rectification.closed": EventType("整改销号", _RECTIFICATION, _RECTIFICATION_KEY,
        _required(DATE, closed_date="销号日期")),
    "rectification.reopened": EventType("重新整改", _RECTIFICATION, _RECTIFICATION_KEY,
        _required(DATE, due_date="整改时限")),
    # the year
    "year.closed": EventType("年终封账", ("year",), "the year, e.g. 2020", _required(INTEGER, release_sequence="封版",
        carried_commitment_count="结转承诺数", carried_task_count="结转任务数")
        | _required(TEXT, release_checksum="封版摘要") | _required(MAP, table_checksums="各表摘要")
        | _required(DATE, evaluation_date="评价日期")),
    "year.opened": EventType("开启年度", ("year",), "the year, e.g. 2021", _required(INTEGER, closed_year="上年度",
        release_sequence="依据的封版", baseline_count="基数条数") | _optional(TEXT, file_name="基数工作簿")
        | _optional(INTEGER, register_count="名册家数", config_version="采用为配置版本")),
    # 行事历: entry_date is the first day of the week or month where date_precision is 周 or 月
    "calendar.added": EventType("增加行事历", _CALENDAR, _CALENDAR_KEY, _CALENDAR_STATE),
    "calendar.changed": EventType("修改行事历", _CALENDAR, _CALENDAR_KEY, _CALENDAR_STATE),
    "calendar.removed": EventType("删除行事历", _CALENDAR, _CALENDAR_KEY, {}),
    # 绩效考评: a unit appeals against what a report not made, or made late, cost it; the deduction goes where 采纳
    "appeal.filed": EventType("考评申诉", _APPEAL, _APPEAL_KEY,
        _required(TEXT, form_code="报表", reporter_code="申诉单位", ground="申诉理由")
        | _required(DATE, period_start_date="报告期") | _optional(TEXT, deduction_kind="扣分事由", evidence="佐证")
        | _optional(NUMBER, points="所扣分数") | _optional(INTEGER, release_sequence="依据的发布版")),
    "appeal.decided": EventType("申诉裁定", _APPEAL, _APPEAL_KEY, {"result": Field(TEXT, "裁定", among=RULINGS)}
        | _required(DATE, decided_date="裁定日期") | _optional(TEXT, opinion="裁定意见")),
    "note.added": EventType("批注", ("note", "commitment", "task", "rectification", "document", "school", "unit",
        "region", "approval", "submission"), "the key of what it is about", _required(TEXT, text="内容") | LOOSE_WORDS),
    UNDONE: EventType("撤回", (), "the subject of the event taken back",
        _required(TEXT, event_type="被撤回的事件类型")),
}
# fmt: on


def accepted_digest(accepted: Iterable[tuple[str, str]]) -> str:
    """The digest an approval carries, of (reporter_code, sha256) of what was accepted; see the module's text."""
    lines = sorted(f"{reporter}:{sha256}" for reporter, sha256 in accepted)
    return hashlib.md5(",".join(lines).encode(), usedforsecurity=False).hexdigest()
