"""Which pages there are, how they are grouped, and who sees which of them in the menu.

A leader's menu has four pages and so has a school statistician's; everybody else's the groups of the work. A page to
read that a role's menu leaves out still opens by its address, a page of acts does not for who may not act. To a person
who is bound, to a region or by a sign-in to reporting, only those pages open that read nothing but the release; a
region's people read its copy of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app.app_parts import not_for_you
from app.roles import LEADER, REPORTER, Person

SUPERVISION, DATA, OFFICE = "督办", "数据", "管理"


@dataclass(frozen=True)
class Place:
    """One page: its file below app_pages/, its title, its address and its group in the menu ('' stands in the bar)."""

    file: str
    title: str
    url: str
    group: str = ""
    is_for_leaders: bool = False
    is_for_reporters: bool = False
    is_scoped: bool = False  # reads the release alone, so that a region's copy of it is all it can show
    is_in_menu: bool = True
    is_for_acts: bool = False  # nothing on it is for a person who may not act
    is_for_handing_in: bool = False


PLACES = (
    Place("overview", "总览", "", is_for_leaders=True, is_scoped=True),
    Place("ledger", "目标台账", "ledger", is_for_leaders=True, is_for_reporters=True, is_scoped=True),
    Place("commitment", "目标详情", "commitment", is_scoped=True, is_in_menu=False),
    Place("projects", "重点项目", "projects", is_for_leaders=True, is_scoped=True),
    Place("plan", "规划原文", "plan", is_scoped=True),
    Place("rectifications", "整改台账", "rectifications", SUPERVISION, is_for_leaders=True),
    Place("calendar", "行事历", "calendar", SUPERVISION),
    Place("tasks", "分解与台账", "tasks", SUPERVISION, is_for_acts=True),
    Place("review", "复核", "review", SUPERVISION, is_for_acts=True),
    Place("approvals", "审批", "approvals", SUPERVISION, is_for_acts=True),
    Place("assessments", "绩效考评", "assessments", SUPERVISION, is_scoped=True),
    Place("upload", "上报", "upload", DATA, is_for_reporters=True, is_scoped=True, is_for_handing_in=True),
    Place("submissions", "学校报送", "submissions", DATA, is_for_reporters=True, is_scoped=True),
    Place("regions", "区域对比", "regions", DATA, is_scoped=True),
    Place("balance", "优质均衡自查", "balance", DATA, is_scoped=True),
    Place("quality", "数据质量", "quality", DATA, is_for_reporters=True, is_scoped=True),
    Place("sql", "SQL 查询", "sql", DATA, is_scoped=True),
    Place("dictionary", "数据字典", "dictionary", DATA, is_scoped=True),
    Place("settings", "设置", "settings", OFFICE, is_for_acts=True),
)


def is_open(place: Place, person: Person) -> bool:
    """Whether a person may open the page."""
    if (place.is_for_acts and not person.may_act) or (place.is_for_handing_in and not person.may_hand_in):
        return False
    return place.is_scoped or not person.is_bound


def is_listed(place: Place, person: Person) -> bool:
    """Whether a person's menu has this page; without a role, every page of the menu."""
    own = {LEADER: place.is_for_leaders, REPORTER: place.is_for_reporters}.get(person.role, True)
    return place.is_in_menu and own and is_open(place, person)


def menu(person: Person) -> list[tuple[str, list[Place]]]:
    """Groups with their pages in order; four pages stand side by side, ungrouped."""
    groups: dict[str, list[Place]] = {}
    for place in PLACES:
        if is_listed(place, person):
            groups.setdefault(_group(place, person), []).append(place)
    return list(groups.items())


def pages(person: Person) -> Mapping[str, list[st.Page]]:
    """What st.navigation takes: every page, those outside the role's menu hidden, those not open told so."""
    made: dict[str, list[st.Page]] = {}
    for place in PLACES:
        page = st.Page(
            f"app_pages/{place.file}.py" if is_open(place, person) else not_for_you.page,
            title=place.title,
            url_path=place.url or None,
            default=not place.url,
            visibility="visible" if is_listed(place, person) else "hidden",
        )
        made.setdefault(_group(place, person), []).append(page)
    return made


def _group(place: Place, person: Person) -> str:
    return "" if person.role in (LEADER, REPORTER) else place.group
