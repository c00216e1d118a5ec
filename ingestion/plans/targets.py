"""Which quantities of a plan are promised, and why the others are not.

Belongs here: the verdict on one quantity in its clause. Does not: operators, indicators, dates of those that
are; tense (tense.py).
"""

from __future__ import annotations

import re

from ingestion.plans import scopes
from ingestion.plans.quantities import Quantity
from ingestion.plans.rules import pattern, reason_of

TARGET = "目标"

_CN_RUN = re.compile(r"[〇零一二两三四五六七八九十百千万亿]+")
_HEADING_NOUN = (
    r"^(?:省|市|区|县|级|重点|主要|专项|具体|核心|关键|民生|教育|惠民|为民|利民|大|项|年度|重大|基本|方面|\s)*"
    r"(?:实事|任务|举措|措施|工作|行动|环节|要点|原则|要求|方面|目标任务|抓手|体系|"
    r"机制|制度|关系|意识|自信|维护|坚持|统一|转变|结合|优先|突破|战略|主题|阶段|层面|"
    r"台阶|规定|纪律|准则|模式|格局|专题|部分|问题|清单|渠道|主体|能力|素养|工程|计划|"
    r"难题|重点|亮点|品牌|提升|强化|确保|不准|禁止|严禁)(?!个|数|学校|学生)"
)
_MAKES = (
    "新建|改建|扩建|建设|建成|创建|创成|打造|培养|培育|培训|引进|招聘|招录|举办|开展|"
    "组织|选派|评选|认定|遴选|新增|增加|增设|开设|配备|设立|推出|推荐|开工|投用|完成|"
    "召开|争创|资助|改造|"
    "表彰|选树|承办|动工|竣工|建好|建立|新创|申报|不少于|至少|达到|超过|实施|整治"
)
# classifiers that count things one can see: 三所学校 十名教师; 三个意识 is a slogan
_CONCRETE = (
    "所",
    "名",
    "人",
    "人次",
    "场",
    "场次",
    "期",
    "座",
    "家",
    "门",
    "间",
    "栋",
    "幢",
    "套",
    "户",
    "亩",
    "公里",
    "次",
    "篇",
    "台",
    "辆",
    "万",
    "位",
    "床",
    "处",
    "块",
    "部",
)
_SCOPE_LEFT = re.compile(r"(在|全市|全省|全区|全县|全州|我市|我省|对|联合|会同|涵盖|涉及|围绕|聚焦|针对|由|来自)\s*$")
_SCOPE_RIGHT = re.compile(r"\S{0,6}(市|县|区|州|乡镇|乡|街道|镇|学校|单位|部门|村|社区)")
_PEOPLE = re.compile(r"^\S{0,8}?(人|员|生|师|者|妇女|儿童|群众|学生|教师|家长|幼儿|职工|青年|老人|患者|劳动力)")
_MONEY = re.compile(
    r"(资金|投入|投资|经费|补助|专项|预算|拿出|安排|筹措|下达|拨付|债券|贷款|补贴|"
    r"奖金|拨款|采购|总额)"
)
_SEATS = re.compile(r"(学位|床位|座位|岗位|名额|车位|托位|招生计划)")
_BASELINE_LEFT = re.compile(r"(?:从|由|在)[^，。；到至]{0,40}$")
_BASELINE_RIGHT = re.compile(
    r"^[^，。；]{0,30}?(?:提高|提升|增加|扩大|上升|下降|降低|减少|增长|增至|调整|上调|"
    r"扩展|升至|降至|提至|扩容|发展|扩充|压缩|压减|缩减|缩小)|^[^，。；\d]{0,8}[到至](?:约|了)?[\d一二两三四五六七八九十百]"
)
# 占地35亩 · 可容纳学生900人: what a project is like; 还有7所 · 只占4%: what is
_EXTENT = re.compile(
    r"^(?:项目|学校)?(?:总|规划)?(?:占地|用地|总?建筑)(?:面积)?(?:约|达|为)?$|"
    r"^可(?:容纳|提供)[^，]{0,4}$|^容纳[^，]{0,4}$|^(?:办学)?规模(?:为|达)?$|^设(?:置|有|计)?$"
)
_STATE = re.compile(
    r"(?:只|仅)(?:占|有)[^，]{0,10}的$|"
    r"(?:还有|尚有|只有|仅有|只占|仅占|[只仅](?:为|达|是)|不过|缺编|空编|缺额|一共|最大的?[^，]{1,4}|缺口(?:约|大约|达到?|为|有|仍有|将?达到?|近)*)$"
)
_TIME_TOPIC = re.compile(
    r"(课间|锻炼|活动|运动|体育|时间|时长|阅读|睡眠|劳动|课时|托管|服务|课程|培训|实践|研修|跟岗|听课|学习)[^，]{0,8}$"
)


_TIMED = re.compile("的?(?:校园|阳光|综合|户外|中等强度|以上)*(?:体育|锻炼|活动|运动|阅读|劳动|睡眠)")


_DIGITS = re.compile(r"[\d.,]+")


def base_reason(plain: str, q: Quantity, line_start: int, line_end: int) -> str | None:
    """The first of grammar/reasons.toml that holds for the numeral, else None."""
    token = _DIGITS.match(plain, q.start, q.end) or _CN_RUN.match(plain, q.start, q.end)
    end = q.start + len(token[0]) if token else q.end
    left, right = plain[max(line_start, q.start - 24) : q.start], plain[end : min(line_end, end + 16)]
    return reason_of(left, plain[q.start : end], right)


def implied_unit(q: Quantity, left: str, right: str) -> str | None:
    """The unit that a bare number leaves out: 投入1900万 → 元, 70万妇女 → 人, 学位1530 → 个; None if none is
    implied."""
    if _SEATS.match(right.strip()) or _SEATS.search(left[-5:]):
        return "个"
    if _PEOPLE.match(right.strip()) and q.value >= 10:
        return "人"
    if _MONEY.search(left[-12:] + right[:6]) and q.value >= 1000:
        return "元"
    return None


def verdict(q: Quantity, left: str, right: str, *, nested: bool, more: bool = False) -> str:
    """目标, or the reason why the quantity is none; `left` and `right` are the clause around it, `more` says
    that another
    quantity follows in it."""
    if nested:
        return "名称"
    if reason := _surroundings(q, left, right):
        return reason
    if q.shape == "universal":
        return _universal(q, left, right)
    # 从77%提高到80%: the first number is where things stand
    if _BASELINE_LEFT.search(left) and _BASELINE_RIGHT.match(right) and re.search(r"(从|由)[^，。；到至]{0,40}$", left):
        return "基数"
    # （2020年为85%） · 高于全国平均水平3个百分点 stay targets; 占总分30% is a rule
    if q.shape in ("percent", "points", "money", "double"):
        return TARGET
    if q.shape == "multiple":
        said = pattern("(?:{at_least}|{raise_to}|{at_most}|{rise_by})(?:为|到|了)?[^，]{0,20}$").search(left)
        return TARGET if said and q.unit != "成" else "倍数"
    if q.shape == "time":
        return _time(q, left, right)
    if q.shape == "bare":
        said = re.search("(?:系数|指数|之比|比值|师生比|生师比|基尼|绩点)[^，]{0,30}$", left) and (
            q.qualifier or pattern("(?:{at_least}|{at_most}|{raise_to})(?:为|到|了)?[ ]?$").search(left)
        )
        implied = (not q.chinese or q.value >= 10_000) and implied_unit(q, left, right)
        return TARGET if implied or (said and not q.chinese) else _bare(q)
    return _count(q, left, right, more)


def _surroundings(q: Quantity, left: str, right: str) -> str | None:
    """Why the words around a quantity of any kind make it no promise, None where they do not."""
    # 在全覆盖的基础上: presupposed, not promised
    presupposed = ("下" in right or "基础上" in right) and re.search(r"在[^，。]*$", left)
    if presupposed and re.match(r"[^，。]*?(基础上|前提下|条件下|情况下)", right):
        return "前提"
    if left.endswith(("（", "(")) and re.match(r"[）)]\s*$", right):
        # 一、续建项目（3个）
        return "标题计数"
    if q.unit in ("米", "公里") and re.search(r"(?:周边|方圆|半径|距离|离校)[^，]{0,3}$", left):
        return "限定"
    if reason := scopes.clause_reason(q, left, right):
        return reason
    if _EXTENT.search(left):
        return "规模"
    if _STATE.search(left):
        return "现状"
    return None


def _bare(q: Quantity) -> str:
    return "词语" if q.chinese else "未解析"


def _universal(q: Quantity, left: str, right: str) -> str:
    # 全部达到100%: the number says it
    if re.match(r"\s*\d", right):
        return "方式"
    if q.unit_text in ("全覆盖", "全面覆盖"):
        # 全覆盖开展家访: a manner, not a state reached
        if re.match(
            (
                r"(?:的?基础上|式|地|参评|落实|建成|开展|推进|监管|检查|排查|宣传|督导|监测|培训|"
                r"走访|实施|建设|推行|摸排|管理|目标|要求)"
            ),
            right,
        ):
            return "方式"
        # 横到边、全覆盖、无死角
        if left.endswith("、") or right.startswith("、") or not left.strip():
            return "口号"
        return TARGET
    if q.unit_text == "应覆尽覆":
        return "口号"
    if q.unit_text.startswith("全部") and re.search(r"\d[余多]?[所个名间栋座家处户条台辆项][^，、\d]{0,12}$", left):
        # 18所学校全部达标: the count says it
        return "方式"
    return TARGET if left.strip() and re.match("全部(?:达标|达到|合格|持证|达成|覆盖)", q.unit_text) else "口号"


def _time(q: Quantity, left: str, right: str) -> str:
    said = pattern("(?:{at_least}|{raise_to}|{at_most})(?:为|到|了)?[ ]?$").search(left)
    if q.unit in ("小时", "分钟", "学时", "天", "周", "月", "工作日", "秒"):
        if q.unit in ("小时", "分钟") and _TIMED.match(right):
            return TARGET
        if re.search("储备|备足|供应", left) and q.unit in ("天", "周", "月"):
            return TARGET
        if said or q.qualifier in ("以上", "以内") or (_TIME_TOPIC.search(left) and q.unit in ("小时", "分钟")):
            return TARGET
        return "时间"
    return TARGET if said and re.search("年限|时间|时长|周期|任期|教龄", left) else "年限"


def _is_kind(q: Quantity) -> bool:
    """Classifiers that rather tell kinds than count; 12片, 3口 with digits count."""
    if q.unit == "轮":
        return q.chinese
    kinds = ("级", "届", "类", "种", "点", "款", "头")
    return q.unit in kinds or (q.chinese and q.unit in ("片", "口", "道"))


def _heads_a_list(q: Quantity, left: str, right: str) -> bool:
    """十件实事 · 8项重点任务: what follows is listed, not promised."""
    if q.unit == "项" and not right and re.search("(?:涉及|包括|共|含|承担|牵头)[^，]{0,8}$", left):
        return True
    right = re.sub(r"^[（(][^（()）]{1,6}[)）]", "", right)
    if q.unit in ("项", "个") and re.match(
        r"(?:考核|评价|评估|监测|督导|具体|主要|一级|二级|三级)?(?:指标|观测点|内容|维度|方面|板块)", right
    ):
        return True
    if not re.match(_HEADING_NOUN, right):
        return False
    listed = re.match(r"\S{0,6}(?:实事|任务|举措|措施|行动|环节|要点|原则|要求|方面)", right)
    limit = 30 if listed else 11 if q.chinese else 0
    return q.unit in ("件", "大", "条", "类") or (q.unit in ("项", "个") and q.value < limit)


def _count(q: Quantity, left: str, right: str, more: bool) -> str:
    """Counted things: named programmes, headings, scopes and thresholds are no promise."""
    if q.unit in ("℃", "°C", "摄氏度") and "温" not in left[-12:]:
        return "未解析"
    # 落实减负30条 · 执行师德十项准则
    if (
        q.unit in ("条", "项", "款", "问")
        and len(right) <= 6
        and re.search(r"(落实|执行|贯彻|遵守|对照|按照|根据|依据)[^，、]{0,20}$", left)
        and (q.unit != "项" or re.search("准则|规定|政策|制度|要求|纪律|禁令|措施|机制|原则", left[-12:] + right))
    ):
        return "名称"
    if _is_kind(q) and not pattern("(?:{at_least}|{raise_to}|{short_verb})[^，]{0,6}$").search(left):
        return "名称"
    if reason := scopes.count_reason(q, left, right, more=more):
        return reason
    if _heads_a_list(q, left, right):
        return "标题计数"
    # 在14个县区新增学位2万个 · 全市300所学校全部开展: where, not how many
    people = q.unit in ("名", "人", "户", "人次", "位")
    if _SCOPE_LEFT.search(left) and (
        (more and not people and _SCOPE_RIGHT.match(right))
        or re.match(r"\S{1,10}?(?:全部|均(?!衡)|之间|范围内)", right)
    ):
        return "范围"
    if re.search("(?:不发生|不出现|杜绝|严防|未发生)[^，]{0,6}$", left):
        return "底线"
    if q.unit == "期" and q.chinese and q.value <= 5 and not re.search("(?:举办|开展|开设|培训|组织)[^，]{0,8}$", left):
        # 新建教师公寓一期120套
        return "名称"
    return _chinese_count(q, left, right) if q.chinese else TARGET


def _chinese_count(q: Quantity, left: str, right: str) -> str:
    """十所学校 counts, 百所名校 三个意识 一支队伍 name."""
    if q.value in (100, 1000, 10_000) and q.value_high is None and not (q.qualifier or q.unit_text):
        return "名称"
    if (
        (q.qualifier or q.unit_text or q.value_high is not None)
        and q.unit != "级"
        and not re.match(_HEADING_NOUN, right)
    ):
        # 专业点二十个左右 · 掌握一至两项特长: whoever bounds a number means it
        return TARGET
    if re.search("(?:掌握|学会|参加|精通)$", left) and q.unit in ("项", "门", "种", "个"):
        # 每名学生掌握两项运动技能
        return TARGET
    if (q.unit not in ("次", "场", "期") and re.match(_HEADING_NOUN, right)) or (
        q.unit not in _CONCRETE and q.value < 10 and not re.search("不少于|至少|不低于", left)
    ):
        return "名称"
    if q.value == 1 and not re.search(
        "(新建|建成|建设|创建|举办|改扩建|开工|至少|不少于|[每各][^，]{1,12})[^，、]{0,6}$", left
    ):
        return "名称"
    if q.value > 10 and q.value % 10 and q.unit in _CONCRETE and re.search("^[为给向对]|[，；：][为给向对]$", left):
        # 为四十五所中学提供…
        return TARGET
    return TARGET if re.search(f"(?:{_MAKES})[^，、]{{0,14}}$", left) else "名称"
