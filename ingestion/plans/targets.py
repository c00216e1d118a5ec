"""Which quantities of a plan are promised, and why the others are not.

Belongs here: the verdict on one quantity in its clause. Does not: operators, indicators, dates of those that are.
"""

from __future__ import annotations

import re

from ingestion.plans.clauses import Clause
from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import pattern, reason_rules

TARGET = "目标"

_SLOGAN = (
    r"^(大|项|个|件|类|种|条|支|大类|方面|环节|维度)?\S{0,8}?(实事|行动|工程|任务|体系|机制|举措|措施|抓手|方面|环节|维度|关系|意识|自信|维护|坚持|统一|转变|结合|原则|优先|"
    r"不动摇|突破|提升|战略|主题|阶段|层面|层次|台阶|要求|规定|纪律|准则|新局面|重点工作|工作|计划|目标|制度|模式|格局|阵地|平台|专题|部分|问题|标准|清单|机制|特色|亮点|品牌|作用|主体|能力|素养|渠道)"
)
_MAKES = "新建|改建|扩建|建设|建成|创建|创成|打造|培养|培育|培训|引进|招聘|举办|开展|组织|选派|评选|认定|遴选|新增|增加|增设|开设|配备|设立|建立|推出|推荐|开工|投用|完成|召开|启动|争创|创评|评估|资助|改造"
_SCOPE = re.compile(r"(在|全市|全省|全区|全县|对|覆盖|联合|会同|涵盖|涉及|围绕|聚焦|针对)\s*$")
_PEOPLE = re.compile(
    r"^(名|个)?\S{0,8}?(人|员|生|师|者|妇女|儿童|群众|学生|教师|家长|幼儿|职工|青年|老人|患者|劳动力|户)"
)
_MONEY = re.compile(r"(资金|投入|投资|经费|补助|专项|预算|债券|贷款|补贴|奖金|拨款|采购|总额)")
_SEATS = re.compile(r"(学位|床位|座位|岗位|名额|车位|托位|指标|计划)")


def base_reason(plain: str, q: Quantity, line_start: int, line_end: int) -> str | None:
    """The first of grammar/reasons.toml that holds for the numeral, else None."""
    token = re.match(r"[\d.,]+|[^\d\s]+", plain[q.start : q.end])
    end = q.start + (len(token[0]) if token else 0)
    if token and not token[0][0].isdigit():
        cn = re.match(r"[〇零一二两三四五六七八九十百千万亿]+", plain[q.start : q.end])
        end = q.start + len(cn[0]) if cn else q.end
    left, core, right = (
        plain[max(line_start, q.start - 24) : q.start],
        plain[q.start : end],
        plain[end : min(line_end, end + 16)],
    )
    return next((rule.label for rule in reason_rules() if rule.holds(left, core, right)), None)


def implied_unit(q: Quantity, left: str, right: str) -> str | None:
    """The unit that a bare number leaves out: 投入1900万 → 元, 70万妇女 → 人, 学位1530 → 个; None if none is implied."""
    if _SEATS.match(right.strip()) or _SEATS.search(left[-5:]):
        return "个"
    if _PEOPLE.match(right.strip()) and q.value >= 10:
        return "人"
    if _MONEY.search(left + right[:6]) and q.value >= 1000:
        return "元"
    return None


def verdict(clause: Clause, q: Quantity, left: str, right: str, nested: bool) -> str:
    """目标, or the reason why the quantity at hand is none; `left` and `right` are the clause around it."""
    text = clause.text
    if nested:
        return "名称"
    if re.search(r"在[^，。]*$", left) and re.search(r"^[^，。]*?(的?基础上|前提下|条件下|情况下|同时)", right):
        return "前提"
    if q.shape == "universal":
        return _universal(left, right)
    if re.search(r"(从|由)[^，。到至为]{0,24}$", left) and re.search(
        r"^[^，。]{0,30}?(提高|提升|增加|扩大|上升|下降|降低|减少|增长|增至|调整|上调|扩展|升|降|到|至)", right
    ):
        return "基数"
    if q.shape in ("percent", "points", "money", "double"):
        return TARGET
    if q.shape == "multiple":
        return (
            TARGET
            if pattern("({at_least}|{raise_to}|{at_most}|{rise_by})(为|到|了)?[^，]{0,16}$").search(left)
            else "倍数"
        )
    if q.shape == "time":
        return _time(q, left)
    if q.shape == "bare":
        return TARGET if implied_unit(q, left, right) and (not q.chinese) else "未解析"
    return _count(clause, q, left, right) if text else "未解析"


def _universal(left: str, right: str) -> str:
    if re.match(r"(的?(基础上|式|参评|落实|建成|开展|推进|监管|检查|排查|宣传|督导|覆盖))", right):
        return "前提" if "基础" in right else "方式"
    if re.search(r"[、]$", left) or right.startswith("、") or not left.strip():
        return "口号"
    return TARGET


def _time(q: Quantity, left: str) -> str:
    said = pattern("({at_least}|{raise_to}|{at_most})(为|到|了)?[ ]?$").search(left)
    if q.unit in ("年", "月", "日", "岁", "周岁", "时", "点", "周年", "学年", "学期", "周"):
        return TARGET if said and re.search("年限|时间|时长|周期|任期|教龄", left) else "年限"
    if said or q.qualifier or re.search(r"(锻炼|活动|运动|体育|时间|时长|阅读|睡眠|劳动)[^，]{0,6}$", left):
        return TARGET
    return "时间"


def _count(clause: Clause, q: Quantity, left: str, right: str) -> str:
    if re.match(r"(重点|市级|省级|民生|教育|惠民|为民|利民|大|重点)*\S{0,6}实事", right) and q.unit in (
        "件",
        "项",
        "个",
        "类",
    ):
        return "标题计数"
    if q.unit in ("级", "轮", "届", "类", "种", "点", "分", "层", "款", "道") and not pattern(
        "{at_least}$|{raise_to}$"
    ).search(left):
        return "名称"
    if not q.chinese:
        if (
            q.unit in ("项", "条", "个", "大")
            and q.value < 30
            and re.match(
                r"(重点|主要|专项|具体|核心|方面|关键)?(任务|举措|措施|工作|方面|行动|环节|要点|原则|要求)", right
            )
        ):
            return "标题计数"
        if (
            _SCOPE.search(left)
            and re.match(r"\S{0,6}(市|县|区|州|乡镇|街道|镇|学校|单位|部门|方面)", right)
            and len(right) > 6
        ):
            return "范围"
        return TARGET
    if (
        re.match(_SLOGAN, right)
        or q.unit
        in (
            "个",
            "项",
            "条",
            "支",
            "大",
            "批",
            "件",
            "套",
            "份",
            "类",
            "本",
            "份",
            "区",
            "县",
            "校",
            "园",
            "市",
            "镇",
            "村",
            "科",
            "级",
            "课",
            "站",
            "组",
            "口",
            "部",
            "对",
            "位",
            "位",
            "团",
            "班",
            "种",
        )
        and q.value < 10
    ):
        return "名称"
    if not pattern(f"({_MAKES})[^，、]{{0,14}}$").search(left):
        return "名称"
    return TARGET
