"""What people write instead of a value in any form, and the reason each stands for. A form's own marks come first."""

MISSING = {
    "不适用": ["N/A", "NA", "#N/A", "不适用", "不涉及"],
    "未填": ["…", "......", "...", "……", "未填", "未统计", "待定", "待报", "暂缺", "不详"],
    "无数据": ["—", "——", "-", "--", "–", "/", "\\", "无", "暂无", "无数据"],
}
MISSING_WORDS = frozenset(word for words in MISSING.values() for word in words)
