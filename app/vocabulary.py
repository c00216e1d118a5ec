"""The words, shapes and orders a page uses for lights, kinds and states. No layout and no SQL here.

Every light is colour + shape + word, so that a page reads the same in greyscale and aloud.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Light:
    """One light: its name in the warehouse, the class that colours it, its shape and what it means to a leader."""

    name: str
    css: str
    shape: str
    word: str
    meaning: str


LIGHTS: dict[str, Light] = {
    light.name: light
    for light in (
        Light("红", "red", "■", "严重滞后", "明显落后，或逾期未完成"),
        Light("黄", "yellow", "◆", "滞后", "落后于应有进度"),
        Light("绿", "green", "▲", "正常", "跟上应有进度"),
        Light("蓝", "blue", "●", "已完成", "目标已经达到"),
        Light("灰", "gray", "○", "无法判定", "没有数据、没有基数，或尚未确认"),
    )
}

KINDS = {"metric": "指标", "count": "数量", "money": "资金", "milestone": "项目节点", "deliverable": "文件活动"}

OPERATORS = {">=": "≥ ", "<=": "≤ ", "==": "", "increase": "增加 ", "decrease": "下降 ", "range": ""}

# What a person can do about a commitment that has no verdict.
GREY_ADVICE = {
    "无数可考": "现有报表里没有能衡量它的数据。需要为它建立指标卡并指定报送表，或由责任科室在工作台账中逐月登记。",
    "未确认": "督办科室核对这条承诺的原文与口径并确认后，才会亮灯。",
    "口径未确认": "指标卡的口径还没有人确认，确认后才会亮灯。",
    "无数据": "对应的报表还没有报送，或名称与原文不一致。请责任单位报送，并核对事项、项目名称。",
    "无基数": "这是与往年比较的承诺。请在基数表中登记上年数据，并写明来源文件和批准人。",
    "基数不可比": "口径已经变更，旧基数不能与现数相比。请按新口径重算基数。",
    "数据过期": "最近一期数据太旧。请责任单位补报近期报表。",
    "待报数据": "截止日期已过，但应报数据还没到报送期限，报送后自动判定。",
    "应报未报": "截止期的报表已经逾期。请先催报，报送后自动判定。",
    "取决于": "未报单位的报数足以改变亮灯。请先催报清单中的单位，报送后自动判定。",
    "无界": "未报单位没有以往数据可作依据，无法估计其影响。请先催报，报送后自动判定。",
    "单位不符": "承诺的计量单位与指标口径不同，不能直接相比。请核对这条承诺或指标卡的单位。",
    "未列名待核": "原文还有没有列出名称的项目，无从逐项核对。请责任单位补充项目清单。",
    "分母为零": "已报数据的分母合计为零。请核对报表。",
    "已撤销": "经人工审核，这条不作为承诺考核。",
}

# Why a light changed, in a leader's words.
CAUSES = {
    "新数据": "收到新数据",
    "修订": "报送更正",
    "目标调整": "目标调整",
    "时间": "时间推移，数据未变",
    "规则调整": "评判规则调整",
}

# What became of an expected report: (class, shape); the order is the order of a legend.
SUBMISSION_STATES: dict[str, tuple[str, str]] = {
    "已收": ("ok", "●"),
    "迟报": ("late", "▲"),
    "真零": ("ok", "◎"),
    "空表": ("blank", "□"),
    "隔离": ("held", "◆"),
    "未报": ("missing", "■"),
    "未到期": ("due", "·"),
    "免报": ("exempt", "—"),
}

# What became of one attempt at a report.
ATTEMPT_STATES: dict[str, tuple[str, str]] = {
    "采用": ("ok", "●"),
    "已被替代": ("exempt", "—"),
    "已撤回": ("exempt", "—"),
    "待解锁": ("held", "◆"),
    "隔离": ("held", "◆"),
    "空表": ("blank", "□"),
    "免报": ("exempt", "—"),
}

FILE_STATES = {"loaded": "入库", "quarantined": "隔离", "ignored": "未用"}
SEVERITIES = ("结构", "有效性", "可疑", "宏观")
SEVERITY_MEANINGS = {
    "结构": "表样或文件不对，整份没有入库",
    "有效性": "数值不可能成立，该格没有入库",
    "可疑": "数值异常，已入库，请确认或更正",
    "宏观": "与往期或相关报表对不上，请确认",
}
MILESTONE_NODES = ("前期", "开工", "主体完工", "竣工", "投用")
