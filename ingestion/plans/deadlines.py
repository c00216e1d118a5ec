"""Which date holds over which quantity: its own, its column's, its sentence's, its section's, else the plan's.

Belongs here: the scope of time phrases in clauses, paragraphs, sections and table columns. Does not: what a time
phrase means (periods.py), whether something is past (tense.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from ingestion.plans import indicators
from ingestion.plans.clauses import Clause, depth_map
from ingestion.plans.outline import OutlineItem, item_at
from ingestion.plans.periods import Period, find_periods, horizon, month_of
from ingestion.plans.project_tables import read_project_tables
from ingestion.plans.quantities import Quantity
from ingestion.plans.readings import Memory
from ingestion.plans.table_lines import LineTable

_REACH = 120
_STAGE_TITLE = re.compile(r"^.{2,16}(?:阶段|环节|步骤)[（(][^）)]*$")
# 9月召开教育大会，组建学区5个: the day of an event is its own
_EVENT = re.compile(
    r"份?(?:组织|集中|继续)?(?:举办|召开|举行|出台|印发|发布|承办|公布|推出|制定|修订|编制|提交|报送|上报|公开发布|研究制定)"
)
_CLOSING = re.compile(
    r"(?:要|力争|确保|供暖前|开学前)?(?:全部|全面|基本|如期)?(?:完成|建成|竣工|投用|投入使用|到位|整改到位|改造到位|交付|完工|投入运行|见效|达标|销号|清零)(?:任务|使用)?"
)
# （完成时限：6月底前） · 完成时间：2023年9月
_STATED = re.compile(
    r"(?=[完办整落时期])(?:完成|办结|整改|落实)?(?:时限|(?<=完成)时间|(?<=完成)期限|时间节点|时间要求)[:：为]\s*"
)
_STOP = re.compile(r"[）)。；\n]")
# 三年分别达到62%、66%、70% · 分年度实现
_STAGED = re.compile(r"[三四五]年(?:内|来|间|期)?(?:分别|依次)|逐年(?:分别|达到)|分年度|各年度(?:分别)?")


@dataclass(frozen=True)
class Frame:
    """What dates are read in: the plan's text cut up, its year, the years it spans."""

    plain: str
    spans: list[tuple[int, int]]
    clauses: list[Clause]
    items: Sequence[OutlineItem]
    year: int | None
    first_year: int | None
    is_long: bool


def frame_of(
    plain: str, spans: list[tuple[int, int]], clauses: list[Clause], items: Sequence[OutlineItem], year: int | None
) -> Frame:
    """The frame of a plan for `year`."""
    first_year, is_long = horizon(plain, year)
    return Frame(plain, spans, clauses, items, year, first_year, is_long)


class Deadlines:
    """The time phrases of a plan and what each of them holds over."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        year, first = frame.year, frame.first_year
        begins = first if frame.is_long and year is not None and year - (first or year) < 5 else None
        self.periods = find_periods(frame.plain, year, begins)
        self.section_years: dict[int, int] = {}
        self._starts = [p.start for p in self.periods]
        self._quoted: dict[int, list[int]] = {}
        self._dealt: dict[int, date] = {}
        self.projects = read_project_tables(frame.plain, frame.spans, year)
        self._rows, self._columns = self._tables()
        self._ranges = self._stated_ranges()
        self._range_ends = [end for _, end, _ in self._ranges]
        self._sections = self._over_clauses(self._dated_sections())

    def inside(self, clause: Clause) -> list[Period]:
        """The periods of a clause, at most forty."""
        i = bisect_left(self._starts, clause.start)
        if i == len(self._starts) or self._starts[i] >= clause.end:
            return []
        return self.periods[i : bisect_left(self._starts, clause.end, i, min(i + 40, len(self._starts)))]

    def nested(self, clause: Clause, q: Quantity | Period) -> bool:
        """Inside quotation marks or a title: a name."""
        start, end = self.frame.spans[clause.paragraph]
        if clause.paragraph not in self._quoted:
            self._quoted[clause.paragraph] = depth_map(self.frame.plain, start, end, "“《‘")
        return self._quoted[clause.paragraph][q.start - start] > 0

    def _tables(self) -> tuple[dict[int, date], dict[tuple[int, int], date]]:
        """Dates of rows (a cell that is a date) and of cells under a dated head: (paragraph, cell number) → date."""
        rows: dict[int, date] = {}
        columns: dict[tuple[int, int], date] = {}
        heads: dict[int, date] = {}
        for number, (start, end) in enumerate(self.frame.spans):
            line = self.frame.plain[start:end]
            if "\t" not in line:
                heads = {} if len(line.strip()) > 40 else heads
                continue
            found = self._heads_of(start, line)
            if found is not None:
                heads = found
                continue
            columns |= {(number, cell): due for cell, due in heads.items()}
        stages = {cell.start for cell in self.projects.cells}
        for clause in self.frame.clauses:
            if clause.start in stages:
                continue
            if clause.mark in "\t\n" and (due := self._only_time(clause)) is not None:
                rows[clause.paragraph] = due
        # what a project brings comes with its end; its other stages have days of their own
        self._of_projects = {c.line: c.due for c in self.projects.cells if c.stage != "开工" and c.line not in rows}
        return rows | self._of_projects, columns

    def _heads_of(self, start: int, line: str) -> dict[int, date] | None:
        """{cell number: date} of a head row, None where the row is no head."""
        cells = line.split("\t")
        named = sum(
            re.search(r"(?:任务|目标|单位|事项|内容|项目|措施|科室|名称|序号|编号|领导|备注|要求|进度)$", cell.strip())
            is not None
            for cell in cells
        )
        if named < 2 or not all(len(cell.strip()) <= 14 for cell in cells):
            return None
        heads: dict[int, date] = {}
        at = start
        for number, cell in enumerate(cells):
            i = bisect_left(self._starts, at)
            for p in self.periods[i : i + 1]:
                if p.end <= at + len(cell) and (p.fine or self.frame.is_long):
                    heads[number] = p.deadline
            at += len(cell) + 1
        return heads

    def lay_out(self, sheets: Sequence[LineTable]) -> None:
        """Take in tables of one cell a line: a cell under 完成时限 dates its row."""
        spans = self.frame.spans
        for sheet in sheets:
            column = sheet.column("时限|完成时间|时间节点|时间要求|进度")
            for row in sheet.rows:
                line = row[column] if column is not None else None
                if line is None:
                    continue
                due = self._of_cell(*spans[line])
                if due is not None:
                    self._rows |= {cell: due for cell in row if cell is not None}

    def _of_cell(self, start: int, end: int) -> date | None:
        """The last day that a cell under 完成时限 names: 2024年6月底, 2024.10, 3—9月."""
        if end - start > 24:
            return None
        i = bisect_left(self._starts, start)
        named = [p for p in self.periods[i : i + 4] if p.end <= end and p.fine]
        return named[-1].deadline if named else month_of(self.frame.plain[start:end])

    def _stated_ranges(self) -> list[tuple[int, int, date]]:
        """（完成时限：6月底前） dates what stands before it in its paragraph, alone in a paragraph its item."""
        found: list[tuple[int, int, date]] = []
        for m in _STATED.finditer(self.frame.plain):
            i = bisect_left(self._starts, m.end() - 1)
            p = self.periods[i] if i < len(self.periods) else None
            if p is None or p.start > m.end() + 3:
                continue
            after = self.periods[i + 1].start if i + 1 < len(self.periods) else None
            if after is not None and _STOP.search(self.frame.plain, p.end, after) is None:
                # 8月底前完成60%，12月全面完成: two dates are none
                continue
            line = bisect_right(self.frame.spans, m.start(), key=itemgetter(0)) - 1
            begin = self.frame.spans[line][0]
            if m.start() - begin <= 40 and not re.search(r"[。；]", self.frame.plain[begin : m.start()]):
                item = item_at(self.frame.items, begin)
                begin = item.start if item is not None else begin
            if found and found[-1][1] > begin:
                begin = found[-1][1]
            found.append((begin, m.start(), p.deadline))
        return found

    def _only_time(self, clause: Clause) -> date | None:
        """The date that is all a table cell says: 完成时限 → 2023年9月底前."""
        if clause.end - clause.start > 16 or self.frame.plain.find("\t", *self.frame.spans[clause.paragraph]) < 0:
            return None
        p = next(iter(self.inside(clause)), None)
        if p is None or p.start - clause.start > 2 or not 0 <= clause.end - p.end <= 4 or "（" in clause.text:
            return month_of(clause.text)
        return p.deadline

    def _dated_sections(self) -> list[tuple[int, int, date]]:
        """Sections whose heading is a time, 二、2024年目标 of a plan of years: (start, end, date)."""
        if not self.frame.is_long:
            return []
        found: list[tuple[int, int, date]] = []
        for item in self.frame.items:
            if len(item.heading) > 20 or item.level > 5:
                continue
            i = bisect_left(self._starts, item.start)
            p = self.periods[i] if i < len(self.periods) else None
            if p is None or p.start - item.start > 8 or p.end > item.start + 26:
                continue
            head = re.sub(r"^\W+", "", item.heading)
            if re.match(r"(?:第[一二三]阶段)?[（(]?(?:到|至)?(?:20\d\d年|[上下]半年|第?[一二三四]季度|\d+月)", head):
                # （二）2024年，培训校长300名: a heading that goes on speaks for its paragraph alone
                line = bisect_right(self.frame.spans, item.start, key=itemgetter(0)) - 1
                end = self.frame.spans[line][1]
                inline = "，" in item.heading or end > item.start + len(item.heading) + 8
                found.append((item.start, end if inline else item.end, p.deadline))
        return found

    def scope(self, clause: Clause, periods: list[Period], inside: list[Quantity], memory: Memory) -> None:
        """A date at the head of a clause holds over its siblings: 到2025年，… over the sentence, in a plan of several
        years over the paragraph; 2024年遴选… and a day as far as the semicolon."""
        first = next(
            (q.start for q in inside if q.shape != "bare" and not any(p.start <= q.start < p.end for p in periods)),
            clause.end,
        )
        plain = self.frame.plain
        for p in periods:
            head = indicators.trim(indicators.strip_lead(plain[max(clause.start, p.start - _REACH) : p.start]))
            if _STAGE_TITLE.search(clause.text[: p.start - clause.start]) and clause.end - p.end <= 16:
                # 试点推进阶段（9月1日至30日）: over all that stands under it
                memory.paragraph_deadline = p.deadline
                continue
            if p.fine and _EVENT.match(plain[p.end : clause.end]):
                continue
            if p.start < first and (len(head) <= 3 or (not inside and len(head) <= 8)):
                memory.deadline, memory.fine = p.deadline, p.fine
                wide = p.end >= clause.end or plain[p.start] in "到至力截“十" or plain[p.end - 1] == "末"
                memory.local = p.fine or not wide
                if self.frame.is_long and wide and not p.fine:
                    memory.paragraph_deadline = p.deadline

    def deal(self, clause: Clause, run: list[Quantity], left: str) -> None:
        """Dates of the numbers of a list: 2023年、2024年分别达到85%、88%, 三年分别达到62%、66%、70%."""
        due = [p.deadline for p in self.inside(clause) if p.end <= run[0].start and not p.fine]
        first, last = self.frame.first_year, self.frame.year
        if first is not None and last is not None and last - first + 1 == len(run) and _STAGED.search(left):
            due = [date(first + i, 12, 31) for i in range(len(run))]
        if len(due) == len(run):
            self._dealt |= {q.start: day for q, day in zip(run, due, strict=True)}

    def of(self, index: int, q: Quantity, periods: list[Period], memory: Memory) -> date | None:
        """The day the quantity in clause `index` is due, None where neither text nor plan gives a year."""
        if q.start in self._dealt:
            return self._dealt[q.start]
        clause = self.frame.clauses[index]
        own = self.section_years.get(index)
        before = [p for p in periods if p.end <= q.start] if periods else []
        if before:
            due = before[-1].deadline
            return in_year(due, own) if own and before[-1].relative else due
        after = next((p for p in periods if p.start >= q.end), None) if periods else None
        if after is not None and self._dates_what_stands_before(q, after):
            return in_year(after.deadline, own) if own and after.relative else after.deadline
        if memory.deadline is not None:
            return memory.deadline
        if (due := self._of_table(clause)) is not None:
            return due
        if stated := self._of_range(clause):
            return stated
        if own:
            return date(own, 12, 31)
        if memory.paragraph_deadline is not None:
            return memory.paragraph_deadline
        return self._sections.get(index) or (date(self.frame.year, 12, 31) if self.frame.year else None)

    def _dates_what_stands_before(self, q: Quantity, p: Period) -> bool:
        """新建公寓120套上半年分配到位 · 17个问题于10月底前全部清零: one number, its date behind it."""
        between = self.frame.plain[q.end : p.start]
        return p.fine and re.fullmatch(r"[^，、；。\d]{0,12}?(?:于|在)?", between) is not None

    def _of_table(self, clause: Clause) -> date | None:
        line = clause.paragraph
        start = self.frame.spans[line][0]
        if self._columns and (due := self._columns.get((line, self.frame.plain.count("\t", start, clause.start)))):
            return due
        return self._rows.get(line)

    def _of_range(self, clause: Clause) -> date | None:
        # ranges follow each other
        i = bisect_right(self._range_ends, clause.start)
        return self._ranges[i][2] if i < len(self._ranges) and self._ranges[i][0] <= clause.start else None

    def _over_clauses(self, sections: Sequence[tuple[int, int, date]]) -> dict[int, date]:
        """{clause number: date} of the section that began last among those that hold the clause."""
        found: dict[int, date] = {}
        open_ones: list[tuple[int, int, date]] = []
        at = 0
        for index, clause in enumerate(self.frame.clauses if sections else ()):
            while at < len(sections) and sections[at][0] <= clause.start:
                open_ones.append(sections[at])
                at += 1
            while open_ones and open_ones[-1][1] <= clause.start:
                open_ones.pop()
            if open_ones:
                found[index] = open_ones[-1][2]
        return found

    def due(self, index: int) -> date | None:
        """The day a promise without a number in clause `index` is due: of the clause, else of its section, else
        of the plan."""
        clause = self.frame.clauses[index]
        own = self.section_years.get(index)
        for p in self.inside(clause):
            if not self.nested(clause, p) and (
                self.frame.first_year is None or p.deadline.year >= self.frame.first_year
            ):
                return in_year(p.deadline, own) if own and p.relative else p.deadline
        row = None if clause.paragraph in self._of_projects else self._of_table(clause)
        if (told := clause.due or row or self._of_range(clause)) is not None:
            return told
        year = own or self.frame.year
        return date(year, 12, 31) if year else None

    def is_over(self, clause: Clause) -> bool:
        """2022年3月开工: every date the clause names lies before the plan's years."""
        named = self.inside(clause)
        first = self.frame.first_year
        return bool(named) and first is not None and all(p.deadline.year < first for p in named)

    def closes(self, clause: Clause, periods: list[Period]) -> bool:
        """改造食堂28所，8月31日前全部完成: a clause that only dates what stands before it."""
        if not periods or not periods[0].fine:
            return False
        head = indicators.trim(self.frame.plain[clause.start : periods[0].start])
        return len(head) <= 2 and _CLOSING.fullmatch(self.frame.plain[periods[0].end : clause.end]) is not None


def in_year(due: date, year: int) -> date:
    """The same day in another year, 29 February as 28."""
    return date(year, due.month, min(due.day, 28) if due.month == 2 else due.day)
