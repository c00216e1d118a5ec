"""What reports still owed can make of a figure: the least, the most, the verdict and the fewest reports that settle it.

A member that owes a report may say any (n, d) of a convex set, here its corners and the directions in which it has no
end. Extremes of sums are sums of extremes; deciding sets are found by trying them all. Fractions, no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

from oracle import Card, Judging, Member, counts, figure

INFINITE = float("inf")
Point = tuple[Fraction, Fraction]
Number = Fraction | float


@dataclass(frozen=True)
class May:
    """What a member may say: corners of (n, d), and directions without end."""

    code: str
    corners: tuple[Point, ...]
    endless: tuple[Point, ...] = ()

    def least(self, n_weight: Number, d_weight: Number) -> Number:
        if any(n_weight * n + d_weight * d < 0 for n, d in self.endless):
            return -INFINITE
        return min(n_weight * n + d_weight * d for n, d in self.corners)

    def most(self, n_weight: Number, d_weight: Number) -> Number:
        return -self.least(-n_weight, -d_weight)


def around(value: Fraction, card: Card) -> tuple[Fraction, Fraction]:
    return value * (1 - card.tolerance), value * (1 + card.tolerance)


def may_add(member: Member, card: Card) -> May:
    """A plain figure: what adds up over the year only grows, a stock stays near its last value."""
    ends, is_endless = (Fraction(0),), True
    if member.stands_at and card.is_flow:
        ends = (member.stands_at[0],)
    elif member.stands_at:
        ends, is_endless = around(member.stands_at[0], card), False
    endless = ((Fraction(1), Fraction(0)),) if is_endless else ()
    return May(member.school.code, tuple((n, Fraction(0)) for n in ends), endless)


def may_say(member: Member, card: Card) -> May:
    zero, one, school = Fraction(0), Fraction(1), member.school
    last = member.stands_at
    if not card.is_ratio:
        return may_add(member, card)
    if card.aggregation == "share_meeting" or card.denominator == ("school_count",):
        weights: tuple[Fraction, ...] | None = (one,)
    elif last:
        weights = around(last[1], card)
    elif card.denominator == ("pupils",) and school.registered is not None:
        weights = around(Fraction(school.registered), card)
    else:
        weights = None
    if card.unit != "%":
        assert weights is not None, "a figure per school is never without its denominator here"
        numerators = around(last[0], card) if last else (zero,)
        return May(school.code, tuple(product(numerators, weights)), () if last else ((one, zero),))
    shares: tuple[Fraction, ...] = (zero, one)
    if not counts(school, card):
        shares = (zero,)
    elif card.numerator == card.denominator:
        shares = (one,)
    if weights is None:
        return May(school.code, ((zero, zero),), tuple((share, one) for share in shares))
    return May(school.code, tuple((share * d, d) for share in shares for d in weights))


@dataclass(frozen=True)
class Side:
    """One threshold: M = direction · Σ(n·factor - τ·d), met at 0 and above."""

    known: Fraction
    parts: dict[str, tuple[Number, Number]]

    def low(self) -> Number:
        return self.known + sum(least for least, _ in self.parts.values())

    def high(self) -> Number:
        return self.known + sum(most for _, most in self.parts.values())

    def can_settle(self, chosen: tuple[str, ...], *, as_met: bool) -> bool:
        """Whether some report of the chosen leaves the rest nothing to decide."""
        rest = [self.parts[c] for c in self.parts if c not in chosen]
        own = [self.parts[c] for c in chosen]
        worst = [least for least, _ in rest] if as_met else [-most for _, most in rest]
        best = [most for _, most in own] if as_met else [-least for least, _ in own]
        if -INFINITE in worst:
            return False
        reach = (self.known if as_met else -self.known) + sum(worst) + sum(best)
        return reach >= 0 if as_met else reach > 0

    def fewest(self, *, as_met: bool) -> int:
        """Size of the smallest set that could settle it, 0 where none can."""
        for size in range(len(self.parts) + 1):
            if any(self.can_settle(chosen, as_met=as_met) for chosen in combinations(self.parts, size)):
                return size
        return 0


@dataclass(frozen=True)
class Range:
    """Two thresholds at once: what each member may add to both margins together, its corners and the endless ways.

    Kept where both margins are 0 or above. Sets are tried one by one and sums of corners written out. An endless way
    is gone so far that nothing finite weighs against it, by `rest` so much farther that no report of the chosen does.
    """

    known: Point
    parts: dict[str, list[Point]]
    rest: dict[str, list[Point]]

    def can_settle(self, chosen: tuple[str, ...], *, as_met: bool) -> bool:
        """Whether some report of the chosen keeps the range whatever the rest say, or misses it whatever they say."""
        own = [self.parts[c] for c in chosen]
        rest = [points for c, points in self.rest.items() if c not in chosen]
        n, d = self.known
        if as_met:
            worst = [min((p[i] for p in points), default=Fraction(0)) for points in rest for i in (0, 1)]
            return _reaches(own, (n + sum(worst[::2]), d + sum(worst[1::2])))
        starts = ((sum((p[0] for p in said), n), sum((p[1] for p in said), d)) for said in product(*own))
        return any(not _reaches(rest, start) for start in starts)

    def fewest(self, *, as_met: bool) -> int:
        for size in range(len(self.parts) + 1):
            if any(self.can_settle(chosen, as_met=as_met) for chosen in combinations(self.parts, size)):
                return size
        return 0


def _reaches(sets: list[list[Point]], start: Point) -> bool:
    """Whether one point of each set, or of what lies between its points, brings both coordinates to 0 or above."""
    sums = [start]
    for points in sets:
        sums = _undominated({(p[0] + q[0], p[1] + q[1]) for p in sums for q in points})
    return any(_passes(p, q) for p in sums for q in sums)


def _undominated(points: set[Point]) -> list[Point]:
    best: list[Point] = []
    for point in sorted(points, reverse=True):
        if not best or point[1] > best[-1][1]:
            best.append(point)
    return best


def _passes(p: Point, q: Point) -> bool:
    """Whether the way from p to q comes to where both coordinates are 0 or above."""
    first, last = Fraction(0), Fraction(1)
    for a, b in zip(p, q, strict=True):
        if a < 0 and b < 0:
            return False
        if a < 0:
            first = max(first, -a / (b - a))
        elif b < 0:
            last = min(last, a / (a - b))
    return first <= last


def range_of(mays: list[May], known: Point, asked: Judging) -> Range:
    """The two margins of a range and what each member may add to them."""
    card, low, high = asked.promise.card, asked.test.target, asked.test.high
    assert high is not None

    def margins(n: Fraction, d: Fraction) -> Point:
        return (n * card.factor - low * d, high * d - n * card.factor)

    def points(far: int) -> dict[str, list[Point]]:
        return {
            m.code: [margins(n + far * a, d + far * b) for n, d in m.corners for a, b in ((0, 0), *m.endless)]
            for m in mays
        }  # fmt: skip

    return Range(margins(known[0], known[1] if card.is_ratio else Fraction(1)), points(10**15), points(10**40))


@dataclass(frozen=True)
class Bounds:
    verdict: str
    sides: list[Side]
    lights: set[str]
    unreported: int
    whole: Range | None = None

    @property
    def is_open(self) -> bool:
        return self.verdict in ("取决于", "无界") and min(side.low() for side in self.sides) < 0


def bounds(asked: Judging) -> Bounds:
    card, test = asked.promise.card, asked.test
    if card.is_indivisible:
        return bounds_of_a_whole(asked)
    known = [m.stands_at for m in asked.members if m.stands_at and not m.is_unreported]
    n, d = sum((k[0] for k in known), Fraction(0)), sum((k[1] for k in known), Fraction(0))
    mays = [may_say(m, card) for m in asked.members if m.is_unreported]
    thresholds = {">=": [(1, test.target)], "<=": [(-1, test.target)], "range": [(1, test.target), (-1, test.high)]}
    sides = []
    for direction, threshold in thresholds[test.operator]:
        assert threshold is not None
        d_weight = -threshold if card.is_ratio else 0
        total = n * card.factor - (threshold * d if card.is_ratio else threshold)
        parts = {
            m.code: (
                m.least(direction * card.factor, direction * d_weight),
                m.most(direction * card.factor, direction * d_weight),
            )
            for m in mays
        }  # fmt: skip
        sides.append(Side(direction * total, parts))
    is_hollow = card.is_ratio and d + sum(min(c[1] for c in m.corners) for m in mays) == 0
    found = Bounds(_verdict(sides, is_hollow), sides, _lights(asked, mays, (n, d), sides) if mays else set(), len(mays))
    if test.operator != "range":
        return found
    if found.is_open and mays:  # between its ends the figure may lie within the range
        found.lights.add(asked.light(test.target, is_met=True))
    return replace(found, whole=range_of(mays, (n, d), asked))


def bounds_of_a_whole(asked: Judging) -> Bounds:
    """What cannot be taken apart is known when everybody reported, and anything at all before."""
    value, test = figure(asked.members, asked.promise.card), asked.test
    owed = [m.school.code for m in asked.members if m.is_unreported]
    thresholds = {">=": [(1, test.target)], "<=": [(-1, test.target)], "range": [(1, test.target), (-1, test.high)]}
    unknown = owed if owed or value is not None else [""]
    parts: dict[str, tuple[Number, Number]] = dict.fromkeys(unknown, (-INFINITE, INFINITE))
    sides = [
        Side(direction * ((value or Fraction(0)) - (threshold or Fraction(0))), parts)
        for direction, threshold in thresholds[test.operator]
    ]
    return Bounds(_verdict(sides, is_hollow=False), sides, {"灰"} if owed else set(), len(owed))


def _verdict(sides: list[Side], is_hollow: bool) -> str:
    if not is_hollow and all(side.low() >= 0 for side in sides):
        return "已定达标"
    if any(side.high() < 0 for side in sides):
        return "已定未达"
    ends = [abs(end) for side in sides for part in side.parts.values() for end in part]
    return "无界" if INFINITE in ends or is_hollow else "取决于"


def _lights(asked: Judging, mays: list[May], known: Point, sides: list[Side]) -> set[str]:
    """The lights at the least and at the most; a limit that no report reaches is met where what comes near it is."""
    found = set()
    floor_first = asked.test.operator != "<="
    for sign in (1, -1):
        value = _extreme(mays, known, asked.promise.card, sign)
        is_low = [(sign == 1) == (floor_first if side is sides[0] else not floor_first) for side in sides]
        is_met = all((side.low() if low else side.high()) >= 0 for side, low in zip(sides, is_low, strict=True))
        if value is not None and abs(value) == INFINITE:
            value = Fraction(10**15)
        found.add(asked.light(value, is_met))
    return found


def _extreme(mays: list[May], known: Point, card: Card, sign: int):
    """Least (sign 1) or most (sign -1) of the figure, limits included; None where nothing can be divided."""
    finite = _finite_extreme(mays, known, card, sign)
    limits = [
        INFINITE if not d else card.factor * n / d for m in mays for n, d in m.endless if sign == -1 or d
    ]  # fmt: skip
    found = [v for v in [finite, *limits] if v is not None]
    return (min(found) if sign == 1 else max(found)) if found else None


def _finite_extreme(mays: list[May], known: Point, card: Card, sign: int) -> Fraction | None:
    """By Dinkelbach's steps: the corners best at the present value give the next one."""
    if not card.is_ratio:
        return card.factor * (known[0] + sum((sign * min(sign * n for n, _ in m.corners) for m in mays), Fraction(0)))
    value: Fraction | None = None
    for _ in range(50):
        at = value if value is not None else Fraction(0)
        chosen = [min(m.corners, key=lambda c: (sign * (card.factor * c[0] - at * c[1]), -c[1])) for m in mays]
        n, d = known[0] + sum(c[0] for c in chosen), known[1] + sum(c[1] for c in chosen)
        if d == 0:
            return None
        if card.factor * n / d == value:
            return value
        value = card.factor * n / d
    raise AssertionError("no extreme found")
