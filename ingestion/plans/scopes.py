"""Numbers that only say of whom, of what or how a clause speaks: thresholds, offices, regions, scores, shares.

Belongs here: wording that takes a number out of the promises though it is counted. Does not: names and slogans
(targets.py), single numerals (grammar/reasons.toml).
"""

from __future__ import annotations

import re

from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import pattern

# 低于60%不得分 · 扣减资金20%: how work is scored
_SCORED = re.compile(
    r"不得分|得满分|不计分|扣减|扣分|扣除?\d|得相应|相应(?:比例)?分值|[加计减]\d+分|按比例得分|约谈|一票否决|满分|"
    r"权重(?!由|从|提)|加分|附加分|基础分|(?<!团体)(?<!高考)(?<!中考)总分值?|评分|(?:黄|红)[”\"]?牌|取消[^，]{0,8}资格|(?:为|定为|评为|视为)(?:优秀|良好|合格|不合格|达标)"
)
# 资金来源为财政60% · 市县按比例分担: who pays which part
_SHARED_COST = re.compile(r"资金来源|分担|负担比例|(?:财政|中央|省级|市级|区级|县级)[^，]{0,6}(?:承担|负担)")
# 8名成员分片包保 · 2名副区长任副组长: offices are no promise
_OFFICES = re.compile(
    r"^(?:副?[省市区县州镇校局处科]长|(?:分管|主要|负责)[^，、]{0,4}(?:领导|负责人)|联络员|联系人|业务骨干(?=[、）)])|专人|专班|班子|成员|领导|组长|副组长|主任|委员|科室|处室|股室|部门|职能|同志|常委|"
    r"责任单位|牵头单位|工作组|专项组|督导组|检查组)"
)
# 满意度不低于85分: the scores that are aims
_GRADED = re.compile(r"满意|测评|均分|平均|评价|指数|成绩|得分|测试")
# 撤销100人以下村小 · 30万人口以上的县 · 不足10人的教学点
_THRESHOLD = re.compile(
    r"^口?(?:以上|以下|以内)?的?[^，、]{0,6}?(?:大班|规模|学校|乡镇|班级|班额|企业|县|行政村|自然村|村小|"
    r"教学点|园|小区|社区|镇|村|单位|机构|地区|家庭|城市|实际|情况)"
)
_BOUND = re.compile(r"(?:不足|不到|超过|少于|多于|低于|高于|达到|大于|小于|满)\s*$")
_REGION_ALONE = re.compile(
    r"^(?:(?:全|我)[市省区县州盟旗校镇]|(?!组建|划分|设立|建)[^，]{1,3}(?:市|县|(?<![学园校社新库景])区))"
    r"(?:共|现|共有|现有)?$"
)
# 将12所学校整合为8所: what is merged
_MERGED = re.compile(r"[^，。；\d]{0,16}?(?:整合|撤并|合并|优化|调整|压缩|缩减|归并|精简|压减|改造)(?:为|成|到|至)")
_VERBS = "{short_verb}|{add_verb}"
_AREA = re.compile(r"(?:科室|处室|股室|部门|单位|乡镇|街道|县|区|市|镇|村)")


def clause_reason(q: Quantity, left: str, right: str) -> str | None:
    """Why a quantity of any kind between `left` and `right` is a rule or a share, None where it is none."""
    if q.shape == "universal" and right.startswith(("后", "之后", "以后")):
        return "前提"
    if _SCORED.search(left + right) and "满意度" not in left:
        return "评分"
    if q.shape == "percent" and _SHARED_COST.search(left + right):
        return "分担"
    if "将" in left and re.search(r"将[^，。；到至]{0,6}$", left) and _MERGED.match(right):
        return "基数"
    if q.unit == "分" and not _GRADED.search(left):
        return "评分"
    if _is_condition(q, left, right):
        return "限定"
    if "差" in right and re.match(r"的?(?:要求|目标|标准)?[^，。；]{0,4}(?:差距|还差|相差)", right):
        return "现状"
    if (
        q.shape == "percent"
        and re.match("的?(?:比例|标准)?(?:缴存|缴纳|预留|计算|上浮|下浮|扣)", right)
        and "按" in left
    ):
        return "限定"
    return None


def _is_condition(q: Quantity, left: str, right: str) -> bool:
    """投资400万元以上的工程必须招标 · 凡班额超过55人的 · 未达85分的镇街须说明: of whom a rule speaks."""
    if left[:1] in "凡对如若因" and left and re.fullmatch(r"[^，]{0,12}的", right):
        return True
    bound = q.qualifier or _BOUND.search(left) or left.endswith(("未达", "未达到"))
    if not bound or q.shape == "universal":
        return False
    if q.shape == "percent" and not _BOUND.search(left):
        # 80%以上的小学必须…: a share of them is promised
        return False
    if "的" not in right:
        return False
    own = pattern("(?:{short_verb}|{add_verb})[^，、]{0,4}$").search(left)
    if re.match(
        r"的[^，]{1,14}?(?:必须|须|应(?!用)|一律|不得|取消|给予|予以|亮|实行|由(?!.{0,6}(?:提高|提升))|可(?!持续))",
        right,
    ):
        return True
    return (
        not own
        and re.match(r"[^，、的]{1,10}的[^，]{2,12}?(?:全部|必须|须|应(?!用)|一律|不得|均(?!衡))", right) is not None
    )


def count_reason(q: Quantity, left: str, right: str, *, more: bool) -> str | None:
    """Why a counted thing only limits what is spoken of, None where it does not; `more` says that another
    quantity follows in the clause."""
    if q.unit in ("人", "名") and _is_threshold(q, left, right):
        return "限定"
    # 带宽200M以上学校达90%: what the next number counts
    if q.qualifier and more and re.match(r"的?[^，、\d]{1,10}(?:比例|占比|率|占|达|全部|均)", right):
        return "限定"
    if left.endswith("连续"):
        return "限定"
    if _OFFICES.match(right) and not pattern("{short_verb}[^，]{0,4}$").search(left):
        return "机构"
    return _where(q, left, right)


def _where(q: Quantity, left: str, right: str) -> str | None:
    if q.unit == "部" and right.startswith("门"):
        return "机构"
    if q.unit in ("条", "项", "页", "款") and re.search(r"[（(]共$", left):
        return "标题计数"
    if re.search("涉及|包保|包抓|包联|走遍|分赴|深入", left[-6:]) and _AREA.match(right):
        return "范围"
    # 全市1142所学校，…: how many there are
    if _REGION_ALONE.match(left) and len(right) <= 6 and not pattern("{short_verb}|{add_verb}|达|过").search(right):
        return "范围"
    # 校车（46辆）动态监控: likewise
    if left.endswith(("（", "(")) and right.startswith(("）", ")")) and not pattern(_VERBS).search(left):
        return "范围"
    if q.unit not in ("米", "延米"):
        return None
    told = q.qualifier or pattern("{short_verb}|{add_verb}|{at_least}|{raise_to}|修|铺").search(left)
    return None if told else "规格"


def _is_threshold(q: Quantity, left: str, right: str) -> bool:
    if q.qualifier and re.match(r"的?(?:超|特)?大(?:班|额)", right):
        return True
    bound = q.qualifier or right.startswith("口") or (_BOUND.search(left) and right.startswith("的"))
    if not bound:
        return False
    if (
        q.unit == "名"
        and pattern("(?:{short_verb}|{add_verb})$").search(left)
        and re.match(r"[^，、的]{0,6}(?:教师|校长|干部|人员|骨干|学生|专家|人才)", right)
    ):
        # 选派100名以上城区教师到农村学校支教
        return False
    # 不足300人的“空、小、散、弱”学校
    return _THRESHOLD.match(re.sub(r"“[^”]{0,16}”", "", right)) is not None
