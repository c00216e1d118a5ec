"""Words that published tables share: marks that stand for no number, and columns with a usual code.

Here: words and patterns for proposing forms. Not here: what any form means by them (form.toml says that).
"""

import re

HAN = re.compile("[\u3400-\u9fff]")
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?\s*[%％]?")
DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
# < 10, >95%, 20-24%, GE95
RANGE = re.compile(r"[<>≤≥\uff1c\uff1e]=?\s*\d+(\.\d+)?\s*%?|\d{1,3}\s*[-–~]\s*\d{1,3}\s*%?|(GE|LE|GT|LT|R)\d+", re.I)
FLAGS = {"是", "否", "有", "无", "yes", "no", "y", "n", "true", "false", "√", "\u00d7"}
# the nation's code of a school, and codes that may hold within a district only
CODE_WORDS = (
    re.compile(
        r"学校(标识)?代?码|学校代碼|學校代[碼號]|標識碼|^ncessch$|nces.*(id|assigned)|school[_ ]?urn|^urn$|combokey"
        r"|cdscode",
        re.IGNORECASE,
    ),
    re.compile(
        r"学校编号|學校編號|^代[碼码]$|(school|dfe|establishment)[_ ]?(code|number)|sch(ool)?[_ ]?id|campus$|laestab",
        re.IGNORECASE,
    ),
)
NAME_WORDS = re.compile(
    r"学校名称|學校名稱|^校名|单位名称|園所名稱|园所名称|sch(ool)?[_ ]?name|establishment ?name|institution name"
    r"|^school$|campname",
    re.IGNORECASE,
)
# a code of something else: text, though it is written in digits
IDENTIFIER = re.compile(
    r"(代|编|編|标识|標識)[码碼号號]$|\bid$|_id$|leaid|schid|code$|number$|_no$|[a-z]no$|urn|ukprn|fips|estab|^lea$|rectype"
    r"|postcode|zip|union",
    re.IGNORECASE,
)
PERIOD_WORDS = re.compile(
    r"school[_ ]?year|academic|time[_ ]?period|survyear|^year$|[學学]年|年度$|报告期|統計時間|统计时间", re.IGNORECASE
)
LEVEL_WORDS = re.compile(r"level|rectype|类别|類別|层级|層級", re.IGNORECASE)
SUM_COLUMNS = re.compile(r"total_?indicator|合计标志|合計", re.IGNORECASE)
SUMS = re.compile(r"\btotal|subtotal|derived|合计|合計|总计|總計|小计|小計|全部|no category", re.IGNORECASE)
SCHOOL_WORDS = {"school", "学校", "學校", "校"}
CONTACTS = re.compile(
    r"电话|電話|传真|傳真|地址|住址|网址|網址|邮编|郵遞|邮箱|e-?mail|web_?site|^url|phone|^tel|fax|address|street|postcode"
    r"|^zip|校长|校長|head.?(first|last|teacher)?.?name|principal",
    re.IGNORECASE,
)
CHANGES = re.compile(r"增减|增長|增长|变化|差|change|growth|diff|progress|score|mea$|gap", re.IGNORECASE)
# what files use for a missing count
SENTINELS = {-1, -2, -3, -4, -5, -6, -7, -8, -9, -11, -99, -999}
# mark in small letters: the reason it usually stands for
MARK_REASONS = {
    "z": "不适用", "†": "不适用", "n/a": "不适用", ".": "不适用", "-9": "不适用", "-2": "不适用", "ne": "不适用",
    "c": "隐去", "*": "隐去", "**": "隐去", "***": "隐去", "‡": "隐去", "supp": "隐去", "suppressed": "隐去",
    "s": "隐去", "ps": "隐去", "n<": "隐去", "-3": "隐去", "masked": "隐去", "redacted": "隐去",
    "x": "未提供", ":": "未提供", "..": "未提供", "u": "未提供", "np": "未提供", "dns": "未报", "-1": "未报",
    "low": "低值", "~": "低值", "lowcov": "覆盖不足", "new": "新设",
}  # fmt: skip
# names in traditional script, and totals, as element codes
CODES = {
    "學年度": "school_year", "学年度": "school_year", "學年": "school_year", "縣市名稱": "county_name",
    "縣市別": "county_name", "鄉鎮市區": "town_name", "公/私立": "sector", "總計": "total", "合計": "total",
    "計": "total", "男生計": "male", "女生計": "female", "男": "male", "女": "female", "學生數": "pupils",
    "班級數": "classes", "教師數": "teachers", "專任教師數": "teachers", "專任教師": "teachers", "職員數": "staff",
    "畢業生數": "graduates", "上學年畢業生數": "graduates", "原住民學生數": "indigenous_pupils", "體系別": "system",
    "等級別": "level", "日間/進修別": "day_or_evening", "设立别": "sector", "設立別": "sector", "學生數/計": "pupils",
    "學生數/男": "pupils_male", "學生數/女": "pupils_female", "教師數/計": "teachers", "教師數/男": "teachers_male",
    "教師數/女": "teachers_female", "班級數/計": "classes", "在校生数/计": "pupils", "在校生数/男": "pupils_male",
    "在校生数/女": "pupils_female",
}  # fmt: skip
