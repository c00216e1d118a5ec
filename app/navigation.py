"""Which pages there are, how they are grouped, and who sees which of them in the menu.

A leader's menu has four pages; everybody else's the groups of the work. A page that a menu leaves out still opens by
its address: the menu is a convenience, no permission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

LEADER = "领导"
SUPERVISION, DATA, OFFICE = "督办", "数据", "管理"


@dataclass(frozen=True)
class Place:
    """One page: its file below app_pages/, its title, its address and its group in the menu ('' stands in the bar)."""

    file: str
    title: str
    url: str
    group: str = ""
    is_for_leaders: bool = False
    is_in_menu: bool = True


PLACES = (
    Place("overview", "总览", "", is_for_leaders=True),
    Place("ledger", "目标台账", "ledger", is_for_leaders=True),
    Place("commitment", "目标详情", "commitment", is_in_menu=False),
    Place("projects", "重点项目", "projects", is_for_leaders=True),
    Place("plan", "规划原文", "plan"),
    Place("rectifications", "整改台账", "rectifications", SUPERVISION, is_for_leaders=True),
    Place("calendar", "行事历", "calendar", SUPERVISION),
    Place("tasks", "分解与台账", "tasks", SUPERVISION),
    Place("review", "复核", "review", SUPERVISION),
    Place("approvals", "审批", "approvals", SUPERVISION),
    Place("assessments", "绩效考评", "assessments", SUPERVISION),
    Place("upload", "上报", "upload", DATA),
    Place("submissions", "学校报送", "submissions", DATA),
    Place("regions", "区域对比", "regions", DATA),
    Place("balance", "优质均衡自查", "balance", DATA),
    Place("quality", "数据质量", "quality", DATA),
    Place("sql", "SQL 查询", "sql", DATA),
    Place("dictionary", "数据字典", "dictionary", DATA),
    Place("settings", "设置", "settings", OFFICE),
)


def is_listed(place: Place, role: str) -> bool:
    """Whether the menu of a role has this page; without a role, every page of the menu."""
    return place.is_in_menu and (role != LEADER or place.is_for_leaders)


def menu(role: str) -> list[tuple[str, list[Place]]]:
    """Groups with their pages in order; a leader's four stand side by side, ungrouped."""
    groups: dict[str, list[Place]] = {}
    for place in PLACES:
        if is_listed(place, role):
            groups.setdefault("" if role == LEADER else place.group, []).append(place)
    return list(groups.items())


def pages(role: str) -> Mapping[str, list[st.Page]]:
    """What st.navigation takes: every page, those outside the role's menu hidden."""
    made: dict[str, list[st.Page]] = {}
    for place in PLACES:
        page = st.Page(
            f"app_pages/{place.file}.py",
            title=place.title,
            url_path=place.url or None,
            default=not place.url,
            visibility="visible" if is_listed(place, role) else "hidden",
        )
        made.setdefault("" if role == LEADER else place.group, []).append(page)
    return made
