"""The demonstration's work: tasks with nodes and reports, rectifications in every state, a calendar, notes, approvals.

All of it is made up and says 演示; it follows from the plans' words alone, so that it is the same on every run. How it
is shipped and attached to commitments: sample_events.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from ingestion.plans.commitments import Commitment
from ingestion.registry.reviews import Reviewed
from ingestion.registry.tasks import task_stem

Line = dict[str, Any]
SUPERVISOR, CHECKER, LEADER = "演示督办员", "演示核查员", "演示局领导"
REGIONS = {
    "longwan-2020.txt": ("330303", "龙湾"), "dongli-2020.txt": ("120110", "东丽"),
    "changsha-2020.html": ("430100", "长沙"), "taizhou-2020.docx": ("331000", "台州"),
    "linan-2019.pdf": ("330112", "临安"),
}  # fmt: skip
# of so many confirmed commitments one is left without a task
UNDIVIDED = 4
# what the demonstration is judged on; nothing is reported after it
JUDGED = date(2020, 10, 20)

# words of a promise → the office that leads; the first that fits, else 基础教育科
_LEADS = (
    ("XQ", re.compile("幼儿|学前|入园|幼教")),
    ("ZC", re.compile("职业|中职|双师|社区|老年|终身|学分银行|技能")),
    ("RS", re.compile("教师|名师|师德|校长|编制|人才|骨干")),
    ("JC", re.compile("投入|资金|学位|[新改扩]建|装修|开工|建成|投用|工程|元")),
    ("DJ", re.compile("党|清廉|思政|思想政治")),
    ("DD", re.compile("督导|安全|平安|考评|监测")),
    ("BG", re.compile("会议|大会|办法|宣传|语言文字|信访")),
)
_STEPS = {
    "milestone": (("前期手续", 4, 30, "立项批文"), ("施工招标", 6, 30, "中标通知书"), ("主体完工", 9, 30, "监理报告")),
    "money": (("资金下达", 4, 30, "指标文件"), ("中期支付", 8, 31, "支付凭证")),
    "deliverable": (("起草", 4, 15, "征求意见稿"), ("征求意见", 6, 15, "意见汇总")),
    "": (("制定方案", 4, 15, "实施方案"), ("中期检查", 7, 31, "检查通报"), ("年末验收", 11, 20, "验收表")),
}
# (plan, quote begins with, last stage, light, reached, attained): figures as they stood when it was opened
_RECTIFIED = (
    ("longwan-2020.txt", "公办园在园幼儿覆盖面", "自查", "黄", "34.8"),
    ("longwan-2020.txt", "义务教育标准化学校比例", "差距", "黄", "75"),
    ("longwan-2020.txt", "再建设十所等级平安校园", "措施", "红", "3"),
    ("longwan-2020.txt", "组织职业技能提升培训", "复核", "黄", "4120"),
    ("dongli-2020.txt", "实施11所幼儿园提升改造", "措施", "红", "2"),
    ("dongli-2020.txt", "学生体质健康标准及格率", "差距", "红", "90.1"),
    ("changsha-2020.html", "全年新改扩建30所公办园", "措施", "红", "9"),
    ("changsha-2020.html", "力争增加3万个公办园学位", "自查", "黄", "12806"),
    ("taizhou-2020.docx", "全年计划完成项目投入", "复核", "红", "860000000"),
    ("taizhou-2020.docx", "年内建成二级以上标准幼儿园", "销号", "黄", "31"),
    ("linan-2019.pdf", "增设名师乡村工作室", "销号", "红", "0"),
    ("linan-2019.pdf", "全年新增公办幼儿园学位", "重新整改", "红", "610"),
)
_STAGES = ("自查", "差距", "措施", "复核", "销号", "重新整改")
_MATTERS = (
    ("2020-03", "月", "BG", "年度工作要点分解下达"), ("2020-04-10", "日", "DD", "一季度督查通报"),
    ("2020-06-22", "周", "JC", "项目现场推进会"), ("2020-07-10", "日", "DD", "上半年督查通报"),
    ("2020-09-07", "周", "RS", "教师节慰问"), ("2020-10", "月", "DD", "三季度自查"),
    ("2020-11-09", "周", "DJ", "清廉学校检查"), ("2020-12-10", "日", "DD", "年终考评布置"),
    ("2020-12", "月", "BG", "年度总结"),
)  # fmt: skip
_NOTES = (
    ("longwan-2020.txt", "公办园在园幼儿覆盖面", "演示：按在园幼儿数计算，不按园数"),
    ("longwan-2020.txt", "开工瑶南新二中", "演示：请计财基建科每月报一次进度"),
    ("dongli-2020.txt", "召开师德建设现场会", "演示：已与学校安全会合并召开"),
    ("taizhou-2020.docx", "全年计划完成项目投入", "演示：口径含续建项目"),
    ("linan-2019.pdf", "召开全区教育大会", "演示：延期，见会议纪要"),
)


def work(confirmed: Iterable[tuple[str, Commitment]]) -> list[Line]:
    """Every line of work for the confirmed commitments (plan file, commitment), in the order of time."""
    known = [(plan, c) for plan, c in confirmed if plan in REGIONS]
    tasks: dict[str, int] = {}
    lines: list[Line] = []
    for plan, c in known:
        if _draw(plan, c.quote, "task") % UNDIVIDED:
            stem = task_stem(_reviewed(plan, c))
            tasks[stem] = tasks.get(stem, 0) + 1
            lines += _task(plan, c, f"{stem}-{tasks[stem]}")
    lines += [line for case in _RECTIFIED for line in _rectification(known, *case)]
    lines += [line for plan, begins, text in _NOTES for line in _note(known, plan, begins, text)]
    lines += [*_calendar(), *_approvals()]
    return sorted(lines, key=lambda line: line["occurred_at"])


def _task(plan: str, c: Commitment, key: str) -> Iterator[Line]:
    """One task of a commitment with its nodes, and what was done about it up to the day that is judged."""
    year = int(re.sub(r".*-(\d{4})\..*", r"\1", plan))
    region, place = REGIONS[plan]
    commitment = _reviewed(plan, c)
    draw = _draw(plan, c.quote, c.number_text, "course")
    due = min(c.deadline or date(year, 12, 31), date(year, (9, 11, 12)[draw % 3], 30))
    lead = _lead(c.quote)
    helpers = [unit for unit in ("JC", "DD", "BG") if unit != lead][: draw % 3]
    state = commitment.words | {
        "task_name": c.quote[:40], "lead_unit_code": f"{region}-{lead}", "due_date": due.isoformat(),
        "assisting_unit_codes": [f"{region}-{unit}" for unit in helpers], "task_year": year,
        "person": f"演示责任人{draw % 9 + 1}",
    }  # fmt: skip
    made = date(year, 3, 5)
    yield _line("task.created", "task", key, state, SUPERVISOR, "演示：局务会分工", made)
    steps = [s for s in _STEPS.get(c.kind, _STEPS[""]) if date(year, s[1], s[2]) <= due]
    for number, (name, month, last, evidence) in enumerate(steps, start=1):
        node = {
            "task_key": key, "node_no": number, "node_name": name, "evidence_required": evidence,
            "due_date": date(year, month, last).isoformat(),
        }  # fmt: skip
        yield _line("node.set", "node", f"{key}/{number}", node, SUPERVISOR, "演示：局务会分工", made)
    yield from _progress(key, f"演示填报员（{place}）", f"{region}-{lead}", steps, due, draw, year)


def _progress(
    key: str, reporter: str, unit: str, steps: list[tuple[str, int, int, str]], due: date, draw: int, year: int
) -> Iterator[Line]:
    """Signing, nodes reached, reports and their check: one in seven unsigned, one in four late, some done."""
    if draw % 7 == 0:
        return
    signed = date(year, 3, 9)
    said = {"unit_code": unit, "signed_date": signed.isoformat()}
    yield _line("task.signed", "task", key, said, reporter, "演示：已接收任务", signed)
    is_late, is_done = draw % 4 == 0, draw % 5 == 0 or year < JUDGED.year
    for number, (_, month, last, evidence) in enumerate(steps, start=1):
        done = date(year, month, last) + timedelta(days=12 if is_late else -(draw % 10))
        if done > JUDGED or (is_late and not is_done and number == len(steps)):
            continue
        said = {"task_key": key, "node_no": number, "done_date": done.isoformat(), "evidence": f"演示{evidence}"}
        yield _line("node.reported", "node", f"{key}/{number}", said, reporter, "演示：节点完成", done)
    asked = min(due + timedelta(days=8), JUDGED - timedelta(days=6))
    for month, share in ((6, 20 + draw % 30), (9, 45 + draw % 35)):
        on = date(year, month, 28)
        if is_done and on >= asked:
            continue
        said = {"status": "进行中", "report_date": on.isoformat(), "progress_pct": str(share)}
        yield _line("task.reported", "task", key, said, reporter, "演示：季度填报", on)
    if not is_done or any(date(year, s[1], s[2]) > JUDGED - timedelta(days=12) for s in steps):
        return
    said = {"status": "办结", "report_date": asked.isoformat(), "progress_pct": "100", "evidence": "演示办结报告"}
    yield _line("task.reported", "task", key, said, reporter, "演示：申请核查", asked)
    after = asked + timedelta(days=4)
    if draw % 3 == 0:
        said = {"returned_date": after.isoformat(), "note": "演示：佐证不全，补充验收材料",
                "redo_due_date": (after + timedelta(days=30)).isoformat()}  # fmt: skip
        yield _line("task.returned", "task", key, said, CHECKER, "演示：核查", after)
    elif draw % 3 == 1:
        said = {"accepted_date": after.isoformat(), "note": "演示：属实"}
        yield _line("task.accepted", "task", key, said, CHECKER, "演示：核查", after)


def _rectification(
    known: list[tuple[str, Commitment]], plan: str, begins: str, last: str, light: str, reached: str
) -> Iterator[Line]:
    """A rectification carried on to the stage named."""
    c = _found(known, plan, begins)
    if c is None or c.value is None:
        return
    year, (region, place) = int(re.sub(r".*-(\d{4})\..*", r"\1", plan)), REGIONS[plan]
    commitment = _reviewed(plan, c)
    key = f"ZG{task_stem(commitment)[1:]}-1"
    opened, due, wanting = date(year, 7, 20), date(year, 10, 31), c.value - float(reached)
    upto = _STAGES.index(last)

    def act(verb: str, days: int, by: str, fields: Line) -> Line:
        on = opened + timedelta(days=days)
        said = {k: on.isoformat() if v == "on" else v for k, v in fields.items()}
        return _line(f"rectification.{verb}", "rectification", key, said, by, "演示：上半年自查", on)

    yield act("opened", 0, SUPERVISOR, commitment.words | {
        "unit_code": f"{region}-{_lead(c.quote)}", "due_date": due.isoformat(), "target_value": f"{c.value:g}"
        if c.value < 1e6 else f"{c.value:.0f}", "attained_value": reached, "gap": f"{wanting:.10g}", "unit": c.unit,
        "light": light, "status": "滞后", "evaluation_date": opened.isoformat(),
    })  # fmt: skip
    unit = f"演示填报员（{place}）"
    steps = (
        [("cause_set", 8, unit, {"cause": "演示：前期手续办理偏慢，学校申报不足"})],
        [("measures_set", 15, unit, {"measures": "演示：逐项排出时间表，每周调度", "person": "演示责任人1",
                                     "due_date": due.isoformat()}),
         ("reported", 45, unit, {"progress": "演示：已完成过半", "report_date": "on", "evidence": "演示调度记录"})],
        [("checked", 60, CHECKER, {"result": "通过", "checked_date": "on", "note": "演示：现场核实"})],
        [("closed", 65, SUPERVISOR, {"closed_date": "on"})],
        [("reopened", 80, SUPERVISOR, {"due_date": due.replace(month=12).isoformat()})],
    )  # fmt: skip
    for stage in steps[:upto]:
        yield from (act(*step) for step in stage)


def _note(known: list[tuple[str, Commitment]], plan: str, begins: str, text: str) -> Iterator[Line]:
    c = _found(known, plan, begins)
    if c is not None:
        said = {"text": text} | _reviewed(plan, c).words
        at = date(int(re.sub(r".*-(\d{4})\..*", r"\1", plan)), 5, 6)
        yield _line("note.added", "commitment", "", said, LEADER, "批注", at)


def _calendar() -> Iterator[Line]:
    for number, (start, precision, unit, matter) in enumerate(_MATTERS, start=1):
        said = {
            "matter": f"演示：{matter}", "entry_date": start if len(start) == 10 else f"{start}-01",
            "date_precision": precision, "unit_code": f"330303-{unit}",
        }  # fmt: skip
        yield _line("calendar.added", "calendar", f"RL-{number}", said, SUPERVISOR, "演示：年度安排", date(2020, 2, 25))


def _approvals() -> Iterator[Line]:
    """Projects of July to September in two regions; the digest is filled in when the files are there."""
    steps = (
        ("submitted", 3, "演示填报员"), ("reviewed", 5, CHECKER), ("locked", 6, SUPERVISOR), ("published", 8, LEADER),
    )  # fmt: skip
    for region, done in (("330303", {7: 4, 8: 3, 9: 2}), ("120110", {7: 4, 8: 2, 9: 1})):
        for month, count in done.items():
            start = date(2020, month, 1)
            said = {"form_code": "projects", "period_start_date": start.isoformat(), "region_code": region}
            for verb, day, by in steps[:count]:
                on = date(2020, month + 1, day + 7)
                key = f"projects|{start}|{region}"
                yield _line(f"approval.{verb}", "approval", key, said, by, "演示：月度报数", on)


def _found(known: list[tuple[str, Commitment]], plan: str, begins: str) -> Commitment | None:
    return next((c for name, c in known if name == plan and c.quote.startswith(begins)), None)


def _lead(quote: str) -> str:
    return next((unit for unit, words in _LEADS if words.search(quote)), "JJ")


def _reviewed(plan: str, c: Commitment) -> Reviewed:
    return Reviewed(c.id, plan, c.quote, c.number_text, c.kind)


def _draw(*words: object) -> int:
    """A number that depends on the words alone."""
    return int(sha256("|".join(map(str, words)).encode()).hexdigest()[:8], 16)


def _line(kind: str, subject_type: str, key: str, payload: Line, by: str, why: str, on: date) -> Line:
    said = {name: value for name, value in payload.items() if value is not None}
    return {
        "event_type": kind, "subject_type": subject_type, "subject_key": key, "payload": said, "actor": by,
        "reason": why, "occurred_at": f"{on.isoformat()}T02:00:00Z",
    }  # fmt: skip
