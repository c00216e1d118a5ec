"""What a release was made from, and which part of it differs now: code, configuration, what was received, people's
acts, the ledger of what was published, the day judged.

The record is written with each release's ledger rows and outlives its file. Here: the record, and what to say of two
that differ. Not here: making a figure again (history.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingestion.fingerprint import DBT_PROJECT, project_files
from ingestion.landing import Landing
from ingestion.releases import Releases
from ingestion.tables import TABLES

Record = Mapping[str, Any]
SHORT = 12  # hexadecimal digits of a file's hash that are kept
NAMED = 5  # things of one sort that are named; of more the number is said
READERS = {"workbooks_reader": "读取报表的程序", "workbooks_forms": "报表定义"}
TABLE_LABELS = {
    "config__indicators": "指标卡", "config__indicator_terms": "指标卡", "config__baselines": "基数",
    "config__schools": "学校", "config__regions": "区划", "config__units": "单位", "config__calendar_days": "日历",
    "config__exemptions": "免报", "config__form_deadlines": "报送期限", "config__light_presets": "亮灯标准",
    "config__progress_curves": "进度曲线", "config__target_sets": "指标集",
    "forms__values": "报表数值", "forms__submissions": "报送", "intake__files": "接收的文件",
    "intake__findings": "检查发现的问题", "plans__commitments": "承诺", "plans__documents": "工作要点",
    "plans__links": "承诺对应的指标", "plans__commitment_projects": "承诺所列项目",
}  # fmt: skip
# who is in which version and may do what changes no figure
NO_MEANING = ("config__users", "config__versions")


@dataclass(frozen=True)
class Part:
    """One part of what a release was made from; `said` tells how it differs, nothing where it is the same."""

    name: str
    said: tuple[str, ...]


def record(landing: Landing, releases: Releases, day: date, *, before: int | None = None) -> dict[str, Any]:
    """What a build of this moment would be made from; `before` leaves out the ledger from that release on."""
    events, files, versions = (
        landing.read(table) for table in ("registry__events", "intake__files", "config__versions")
    )
    ledger = [p for p in releases.ledger_files() if before is None or int(p.name.split(".")[0]) < before]
    return {
        "engine": duckdb.__version__,
        "code": code_digests(),
        "readers": {key: landing.meta(key) for key in READERS},
        "config_version": versions.filter(versions["is_current"])["version_no"].max(),
        "tables": {table: landing.table_digest(table) for table in TABLES},
        "periods": landing.period_digests(),
        "files": {"count": len(files), "last": files["file_id"].max()},
        "events": {"count": len(events), "last": events["event_no"].max()},
        "ledger": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:SHORT] for path in ledger},
        "evaluation_date": day.isoformat(),
    }


def code_digests(folder: Path = DBT_PROJECT) -> dict[str, str]:
    """Path below the dbt project → hash of each file that gives rows their meaning."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:SHORT]
        for path in project_files(folder)
    }


def compare(then: Record, now: Record, landing: Landing) -> list[Part]:
    """Every part in order, with what differs in Chinese; `landing` names the files and acts that came since."""
    told: dict[str, Callable[[], list[str]]] = {
        "代码": lambda: _code(then, now),
        "配置": lambda: _configuration(then, now),
        "收到的数据": lambda: _received(then, now, landing),
        "登记事件": lambda: _events(then, now, landing),
        "已发布台账": lambda: _ledger(then["ledger"], now["ledger"]),
        "评价日期": lambda: _day(then["evaluation_date"], now["evaluation_date"]),
    }
    return [Part(name, tuple(tell())) for name, tell in told.items()]


def _code(then: Record, now: Record) -> list[str]:
    said = _changes(then["code"], now["code"], "规则文件")
    if then["engine"] != now["engine"]:
        said.append(f"计算引擎 duckdb {then['engine']} → {now['engine']}")
    return said + [f"{label}已改" for key, label in READERS.items() if then["readers"].get(key) != now["readers"][key]]


def _configuration(then: Record, now: Record) -> list[str]:
    tables = _tables(then, now, lambda table: table.startswith("config__") and table not in NO_MEANING)
    if not tables:
        return []
    versions = then["config_version"], now["config_version"]
    said = [f"第 {versions[0]} 版 → 第 {versions[1]} 版"] if versions[0] != versions[1] else []
    return [*said, f"改动的表：{_some(tables)}"]


def _received(then: Record, now: Record, landing: Landing) -> list[str]:
    tables = _tables(then, now, lambda table: not table.startswith(("config__", "registry__")))
    said = [f"改动的表：{_some(tables)}"] if tables else []
    old, new = then["periods"], now["periods"]
    periods = sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p))
    if periods:
        said.append(f"数值有变的报告期：{_some([period[:7] for period in periods])}")
    last = then["files"]["last"] or 0
    came = [
        f"{name}（编号 {number}）"
        for number, name in landing.read("intake__files").select("file_id", "file_name").sort("file_id").iter_rows()
        if number > last
    ]
    if came:
        said.append(f"新收的文件：{_some(came)}")
    kept = now["files"]["count"] - len(came)
    if kept != then["files"]["count"]:
        said.append(f"发布时的 {then['files']['count']} 份文件现在有 {kept} 份")
    return said


def _events(then: Record, now: Record, landing: Landing) -> list[str]:
    from ingestion.registry.vocabulary import EVENT_TYPES

    if then["tables"].get("registry__events") == now["tables"]["registry__events"]:
        return []
    said = [f"发布时 {then['events']['count']} 条，现在 {now['events']['count']} 条"]
    rows = landing.read("registry__events").select("event_no", "event_type").sort("event_no").iter_rows()
    last = then["events"]["last"] or 0
    came = [
        f"第{number}号（{EVENT_TYPES[kind].label if kind in EVENT_TYPES else kind}）"
        for number, kind in rows
        if number > last
    ]
    kept = now["events"]["count"] - len(came)
    if kept == then["events"]["count"] and not came:
        return [*said, "条数相同而内容不同"]
    if kept != then["events"]["count"]:
        said.append(f"发布时已有的只剩 {kept} 条")
    return [*said, f"之后的：{_some(came)}"] if came else said


def _ledger(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    said = _changes(then, now, "台账文件")
    return [*said, "只关系到亮灯变化的记录，不关系到这个数本身"] if said else []


def _day(then: str, now: str) -> list[str]:
    return [] if then == now else [f"发布时 {then}，现在 {now}"]


def _tables(then: Record, now: Record, is_asked: Callable[[str], bool]) -> list[str]:
    old, new = then["tables"], now["tables"]
    found = [table for table in new if is_asked(table) and old.get(table) != new[table]]
    return list(dict.fromkeys([TABLE_LABELS.get(table) or table for table in found]))


def _changes(then: Mapping[str, str], now: Mapping[str, str], noun: str) -> list[str]:
    sorts = {
        "改动": [name for name in now if name in then and now[name] != then[name]],
        "新增": [name for name in now if name not in then],
        "缺少": [name for name in then if name not in now],
    }
    return [f"{verb}的{noun}：{_some(names)}" for verb, names in sorts.items() if names]


def _some(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等 {len(names)} 个" if len(names) > NAMED else "")
