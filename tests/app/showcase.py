"""A small published home for the dashboard's tests: two plans, every light, every state of a report, hostile names.

Here: rows by hand and one build by dbt. Not here: expectations. The sample of `duban refresh` is larger and slower.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from filelock import FileLock

from ingestion.config.versions import Versions
from ingestion.registry.events import NewEvent, Registry
from ingestion.releases import Release, Releases
from orchestration.dictionary import comments, provenance_macros
from tests.dbt_project.world import World, at

# What a file name, a school's name or a sentence may carry; none of it may ever act on the page.
HOSTILE = "<img src=x onerror=alert(1)>![图](https://example.invalid/a.png)[链接](javascript:alert(2))"
CITY, LAKE, HILL, BAY = "990000", "990001", "990002", "990003"
EVALUATION = date(2020, 10, 20)
MONTHS = [date(2020, m, 1) for m in range(1, 11)]

CITY_TEXT = f"""演示市2020年教育工作要点

全市教育系统按照年初确定的思路，办好下面几件事。{HILL}

一、学前教育
（一）普及普惠。年底前，公办园在园幼儿占比达到60%以上，普惠性幼儿园覆盖率达到85%以上。
（二）队伍建设。幼儿教师持证率达到95%以上，教师家访满意度达到90%以上。

二、项目建设
（三）校舍工程。建成晨光幼儿园、朝霞小学、望江中学等3所学校，{HOSTILE}新增学位1200个。
（四）投入保障。全年完成教育项目投资6.8亿元。

三、制度建设
（五）出台文件。制定《演示市校外培训管理办法》，召开全市教育大会。
"""
LAKE_TEXT = """东湖区2020年教育工作要点

一、公平而有质量
1.公办园在园幼儿占比达到50%以上，幼儿教师持证率提高到98%以上。
2.近视率下降0.5个百分点，义务教育标准化学校比例达到96%以上。
3.6月底前完成智慧校园试点12所。
"""

# key, plan, kind, quote, number, card, everything else; the quote is found in the text
PROMISES: list[tuple[str, str, str, str, str, str | None, dict]] = [
    (
        "c01",
        "city",
        "metric",
        "公办园在园幼儿占比达到60%以上",
        "60%以上",
        "KG1",
        {"value": 60, "indicator": "公办园在园幼儿占比", "responsible_unit": "学前教育处"},
    ),
    (
        "c02",
        "city",
        "metric",
        "普惠性幼儿园覆盖率达到85%以上",
        "85%以上",
        "KG2",
        {"value": 85, "indicator": "普惠性幼儿园覆盖率"},
    ),
    (
        "c03",
        "city",
        "metric",
        "幼儿教师持证率达到95%以上",
        "95%以上",
        "KG3",
        {"value": 95, "indicator": "幼儿教师持证率"},
    ),
    (
        "c04",
        "city",
        "metric",
        "教师家访满意度达到90%以上",
        "90%以上",
        None,
        {"value": 90, "indicator": "教师家访满意度"},
    ),
    (
        "c05",
        "city",
        "milestone",
        f"建成晨光幼儿园、朝霞小学、望江中学等3所学校，{HOSTILE}",
        "",
        None,
        {
            "milestone": "建成",
            "stated_count": 3,
            "unit": None,
            "operator": "==",
            "projects": ["晨光幼儿园", "朝霞小学", "望江中学"],
            "responsible_unit": "计划财务处",
        },
    ),
    (
        "c06",
        "city",
        "count",
        "新增学位1200个",
        "1200个",
        "PL1",
        {"value": 1200, "unit": "个", "operator": "increase", "indicator": "新增学位"},
    ),
    (
        "c07",
        "city",
        "money",
        "全年完成教育项目投资6.8亿元",
        "6.8亿元",
        "IN1",
        {"value": 680000000, "unit": "元", "operator": "==", "indicator": "教育项目投资"},
    ),
    (
        "c08",
        "city",
        "deliverable",
        "制定《演示市校外培训管理办法》",
        "",
        None,
        {"output": "《演示市校外培训管理办法》", "unit": None, "operator": "==", "responsible_unit": "政策法规处"},
    ),
    (
        "c09",
        "city",
        "deliverable",
        "召开全市教育大会",
        "",
        None,
        {"output": "全市教育大会", "unit": None, "operator": "=="},
    ),
    (
        "l01",
        "lake",
        "metric",
        "公办园在园幼儿占比达到50%以上",
        "50%以上",
        "KG1",
        {"value": 50, "indicator": "公办园在园幼儿占比"},
    ),
    (
        "l02",
        "lake",
        "metric",
        "幼儿教师持证率提高到98%以上",
        "98%以上",
        "KG3",
        {"value": 98, "indicator": "幼儿教师持证率"},
    ),
    (
        "l03",
        "lake",
        "metric",
        "近视率下降0.5个百分点",
        "0.5个百分点",
        "MY1",
        {"value": 0.5, "unit": "百分点", "operator": "decrease", "indicator": "近视率"},
    ),
    (
        "l04",
        "lake",
        "metric",
        "义务教育标准化学校比例达到96%以上",
        "96%以上",
        "ST1",
        {"value": 96, "indicator": "义务教育标准化学校比例", "confirmed": False},
    ),
    (
        "l05",
        "lake",
        "count",
        "完成智慧校园试点12所",
        "12所",
        "SM1",
        {"value": 12, "unit": "所", "operator": "==", "indicator": "智慧校园试点", "deadline": date(2020, 6, 30)},
    ),
]

KINDERGARTENS = [  # code, name, region, sector, pupils, teachers, certified
    ("9900010001", "东湖第一幼儿园", LAKE, "公办", 320, 30, 29),
    ("9900010002", f"东湖小星星幼儿园{HOSTILE}", LAKE, "普惠性民办", 260, 24, 20),
    ("9900010003", "东湖金色童年幼儿园", LAKE, "民办", 90, 9, 7),
    ("9900020001", "西山中心幼儿园", HILL, "公办", 210, 18, 18),
    ("9900020002", "西山向阳幼儿园", HILL, "民办", 280, 22, 15),
]


def showcase_home(home: Path) -> Path:
    """The showcase at `home`, built the first time that any suite or worker of this run asks for it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home.with_name(home.name + ".lock")):
        if not (home / "releases" / "CURRENT").is_file():
            build_showcase(home)
    return home


def build_showcase(home: Path) -> Release:
    """Build and publish the showcase under `home`/releases. A few seconds, most of them dbt's."""
    world = World()
    _configure(world)
    _plans(world)
    _reports(world)
    _intake(world)
    world.published("c02", light="黄", status="滞后", attained_value=81, target_value=85)
    world.published("c08", light="绿", status="推进中", attained_value=0, target_value=1)
    work = home / "warehouse"
    work.mkdir(parents=True)
    built = world.build(work, EVALUATION)
    info = {
        "bureau_name": "演示市教育局",
        "is_demo": True,
        "evaluation_date": EVALUATION.isoformat(),
        "fingerprint": "x",
    }
    _keep_log_and_configuration(world, home)
    return Releases(home / "releases").publish(built.path, info, comments(), macros=provenance_macros())


def _keep_log_and_configuration(world: World, home: Path) -> None:
    """What the release was made from, where acts find it: the same events under the same numbers, and the tables."""
    events = [
        NewEvent(
            row["event_type"],
            row["subject_type"],
            row["subject_key"],
            json.loads(row["payload"]),
            row["actor"],
            row["reason"],
            row["occurred_at"],
        )
        for row in world.rows["registry__events"]
    ]
    Registry(home / "registry.sqlite").append_all(events)
    about = {"applied_at": "2020-01-01T00:00:00", "applied_by": "王敏", "reason": "建立演示单位", "digest": "x",
             "source": "配置.xlsx", "restored": None,
             "bureau": {"name": "演示市教育局", "evaluation_date": None, "is_demo": True}}  # fmt: skip
    Versions(home / "config").add(world.frames(), about)


def _configure(world: World) -> None:
    for name, role in (("王敏", "督办"), ("李局长", "领导"), ("陈晨", "填报")):
        world.add("config__users", user_name=name, display_name=name, role=role)
    world.add("config__users", user_name="lake", display_name="周林", role="填报", region_code=LAKE)
    world.region(CITY, level="市")
    world.region(LAKE, CITY)
    world.region(HILL, CITY)
    world.region(BAY, CITY)
    for row, name in zip(world.rows["config__regions"], ("演示市", "东湖区", "西山县", "北湾区"), strict=True):
        row["region_name"] = name
    for code, name, region, sector, pupils, *_ in KINDERGARTENS:
        world.school(code, region, "幼儿园", sector=sector, pupils_registered=pupils)
        world.rows["config__schools"][-1]["school_name"] = name
    world.school("9900010009", LAKE)
    # closed early in the year: its region has no cell in the later months of the heatmap
    world.school("9900030001", BAY, "幼儿园", closed_date=date(2020, 3, 1))
    world.unit("U1", CITY)
    world.unit("U2", LAKE)
    for row, name in zip(world.rows["config__units"], ("演示市教育局基建办", "东湖区教育局装备站"), strict=True):
        row["unit_name"] = name
    kindergarten = {
        "source_form": "kindergarten",
        "stages": "幼儿园",
        "max_age_days": 62,
        "responsible_unit": "学前教育科",
    }
    world.card(
        "KG1",
        "pupils",
        "pupils",
        indicator_name="公办园在园幼儿占比",
        numerator_sectors="公办",
        definition="公办幼儿园在园幼儿数占全部幼儿园在园幼儿数的百分比",
        **kindergarten,
    )
    world.card(
        "KG2",
        "pupils",
        "pupils",
        indicator_name="普惠性幼儿园覆盖率",
        numerator_sectors="公办|普惠性民办",
        definition="公办和普惠性民办幼儿园在园幼儿数占比",
        **kindergarten,
    )
    world.card("KG3", "teachers_certified", "teachers", indicator_name="幼儿教师持证率", **kindergarten)
    world.card(
        "MY1",
        "myopic",
        "vision_screened",
        indicator_name="近视率",
        direction="lower",
        stages="小学",
        baseline_reference="上年末",
    )
    world.card(
        "ST1",
        "is_standard",
        "school_count",
        indicator_name="义务教育标准化学校比例",
        source_form="profile",
        stages="小学",
    )
    works = {"unit": "个", "aggregation": "last_stock", "direction": "higher"}
    world.card("PL1", "done", indicator_name="新增学位", source_form="ledger", matter_name="新增学位", **works)
    world.card(
        "IN1",
        "done",
        indicator_name="教育项目投资",
        source_form="ledger",
        matter_name="教育项目投资",
        **works | {"unit": "元"},
    )
    world.card(
        "SM1",
        "done",
        indicator_name="智慧校园试点",
        source_form="ledger",
        matter_name="智慧校园试点",
        **works | {"unit": "所"},
    )


def _plans(world: World) -> None:
    texts = {"city": CITY_TEXT, "lake": LAKE_TEXT}
    for key, region in (("city", CITY), ("lake", LAKE)):
        world.plan(key, region)
        world.rows["plans__documents"][-1] |= {"text": texts[key], "title": texts[key].split("\n", 1)[0]}
    for key, plan, kind, quote, number, card, more in PROMISES:
        start = texts[plan].index(quote)
        at = texts[plan].index(number, start) if number else None
        spans = {"start_offset": start, "end_offset": start + len(quote), "quote": quote, "number_text": number or None,
                 "number_start": at, "number_end": None if at is None else at + len(number),
                 "item_path": "一/（一）", "locator": "第5段"}  # fmt: skip
        world.commitment(key, plan, kind, card, **spans | more)
        if at is not None:
            world.add(
                "plans__numbers",
                document_id=plan,
                start_offset=at,
                end_offset=at + len(number),
                number_text=number,
                label="目标",
                commitment_id=key,
            )
    world.add("plans__conflicts", document_id="lake", commitment_id="l02", other_commitment_id="l01",
              reason="前面写50%以上，这里写98%以上")  # fmt: skip
    for plan, text in texts.items():
        for word, label in (("2020", "日期"), ("3", "未解析")):
            at = text.index(word)
            world.add(
                "plans__numbers",
                document_id=plan,
                start_offset=at,
                end_offset=at + len(word),
                number_text=word,
                label=label,
            )


def _reports(world: World) -> None:
    for step, month in enumerate(MONTHS[:9]):
        for code, _name, region, _sector, pupils, teachers, certified in KINDERGARTENS:
            if (code, month.month) in (("9900020002", 8), ("9900010003", 9)):
                continue
            late = (code, month.month) == ("9900010002", 9)
            world.report(
                "kindergarten",
                code,
                month,
                {
                    "pupils": pupils + step * (4 if code.endswith("1") else 1),
                    "classes": 10,
                    "teachers": teachers,
                    "teachers_certified": certified if step > 4 else certified - 1,
                },
                region=region,
                is_late=late,
                submission_state="已收",
            )
    world.report("profile", "9900010009", date(2020, 9, 1), {"is_standard": 1}, region=LAKE)
    world.report("basic", "9900010009", MONTHS[7], {"vision_screened": 400, "myopic": 210}, region=LAKE)
    for project, done in (("晨光幼儿园", "2020-08-20"), ("朝霞小学", "2020-09-30"), ("望江中学", None)):
        world.report(
            "projects",
            "U1",
            MONTHS[8],
            {
                "project_name": project,
                "places": 270,
                "start_date": "2020-02-10",
                "topped_out_date": "2020-06-01" if done else None,
                "completed_date": done,
                "evidence": "竣工验收表" if done else None,
            },
            records=project,
            region=CITY,
        )
    for unit, matter, row in (
        ("U1", "教育项目投资", {"done": 610000000, "status": "进行中"}),
        ("U1", "新增学位", {"done": 600, "status": "进行中"}),
        ("U2", "智慧校园试点", {"done": 3, "status": "进行中"}),
        (
            "U1",
            "《演示市校外培训管理办法》",
            {"status": "办结", "done_date": "2020-09-12", "evidence": "演教发〔2020〕12号"},
        ),
    ):
        world.report(
            "ledger",
            unit,
            MONTHS[5] if unit == "U2" else MONTHS[8],
            {"matter_name": matter, **row},
            records=matter,
            region=LAKE if unit == "U2" else CITY,
        )


def _intake(world: World) -> None:
    files = world.rows["intake__files"]
    for row in files:
        if row["file_kind"] == "workbook":
            world.add(
                "forms__sheets",
                file_id=row["file_id"],
                sheet_no=1,
                sheet_name="数据",
                is_hidden=False,
                cells_received=14,
                cells_loaded=9,
                cells_quarantined=0,
                cells_ignored=5,
            )
    world.file_id += 1
    bad = world.file_id
    world.add(
        "intake__files",
        file_id=bad,
        sha256="f" * 64,
        file_name=f"东湖9月报表{HOSTILE}.xlsx",
        file_kind="workbook",
        size_bytes=9000,
        received_at=at("2020-10-09T08:30"),
        file_state="loaded",
        form_code="kindergarten",
    )
    world.add(
        "forms__sheets",
        file_id=bad,
        sheet_no=1,
        sheet_name="九月",
        is_hidden=False,
        cells_received=40,
        cells_loaded=28,
        cells_quarantined=2,
        cells_ignored=10,
    )
    world.file_id += 1
    world.add(
        "intake__files",
        file_id=world.file_id,
        sha256="e" * 64,
        file_name="会议通知.xlsx",
        file_kind="workbook",
        size_bytes=700,
        received_at=at("2020-10-09T09:00"),
        file_state="quarantined",
        reason="不是已登记的任何一种报表：请核对表头",
    )
    common = {"file_id": bad, "sheet_name": "九月", "form_code": "kindergarten", "period_start_date": MONTHS[8]}
    for row in range(5, 12):
        world.add(
            "intake__findings",
            finding_id=f"f{row}",
            cell=f"C{row}",
            raw_value="-3",
            rule_code="KG002",
            severity="有效性",
            message="不应为负数",
            fix="请核对后填写不小于0的数",
            element_code="pupils",
            reporter_code="9900010001",
            cause_key="KG002/pupils",
            **common,
        )
    world.add(
        "intake__findings",
        finding_id="g1",
        cell="D9",
        raw_value=HOSTILE,
        rule_code="KG101",
        severity="可疑",
        message="较上月增长超过三成",
        fix="请确认或更正",
        element_code="teachers",
        reporter_code="9900010002",
        cause_key="KG101/teachers",
        **common,
    )


def record_attempt(home: Path, *, is_success: bool, failures: dict[str, str], at: str) -> None:
    """What a refresh leaves behind about how it ended."""
    content = {"at": at, "is_success": is_success, "failures": failures}
    (home / "releases" / "LAST_ATTEMPT.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
