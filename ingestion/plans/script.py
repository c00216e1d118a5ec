"""A simplified, half-width view of a text with the same length, so that rules match once and offsets stay the
source's.

Belongs here: traditional to simplified script, full-width digits and signs. Does not: meaning, trimming,
anything that moves an offset.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

# signs that mean the same at another width; the code points stand beside what they become
_WIDE = {
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    **dict.fromkeys("\u3000\xa0\u2002\u2003\u200b", " "),
    **dict.fromkeys("\uff0d\u2013\ufe63", "-"),
    **dict.fromkeys("\uff5e\u301c\u223c", "~"),
    **dict(zip("\uff05\ufe6a\uff0e\uff0b\uff1c\uff1e\uff3b\uff3d\uff5c", "%%.+<>[]|", strict=True)),
    **dict(zip("\ufe59\ufe5a\ufe50\ufe54\ufe51\uff64\uff61", "（），；、、。", strict=True)),
    **dict(zip("「」『』", "“”‘’", strict=True)),
    "\u2f00": "一",
    "○": "〇",
}
_WIDE_THOUSANDS = re.compile(r"(?<=[\uff10-\uff19])，(?=[\uff10-\uff19]{3}(?![\uff10-\uff19]))")


@lru_cache(maxsize=1)
def _converter():
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=20_000)
def _one(char: str) -> str:
    """One character of the view: 達 → 达, full-width 9 → 9; a conversion that would change the length is refused."""
    if char in _WIDE:
        return _WIDE[char]
    if char < "\u3400":
        return char
    simple = _converter().convert(char)
    return simple if len(simple) == 1 else char


@lru_cache(maxsize=4)
def _changed(text: str) -> dict[str, str]:
    """The characters of a text that the view writes otherwise, with what they become."""
    return {char: plain for char in set(text) if (plain := _one(char)) != char}


def source_script(text: str, plain: str) -> dict[int, str]:
    """A table for str.translate that writes words of the plain view as the source writes them: empty for
    simplified text."""
    if all(to < "\u3400" for to in _changed(text).values()):
        return {}
    pairs = Counter((p, t) for p, t in zip(plain, text, strict=True) if p != t and p >= "\u3400")
    if sum(pairs.values()) * 20 < sum(char >= "\u3400" for char in plain):
        return {}
    table = {ord(p): t for (p, t), _ in reversed(pairs.most_common())}
    return {**{ord(p): t for p, t in zip("数场额资标准", "數場額資標準", strict=True)}, **table}


@lru_cache(maxsize=4)
def plain_view(text: str) -> str:
    """`text` in simplified script with half-width digits; `len(plain_view(t)) == len(t)` for every t."""
    plain = _replaced(text, _changed(text))
    if "，" in text and _WIDE_THOUSANDS.search(text):
        # a full-width 3,500 is one number
        marks = {m.start() for m in _WIDE_THOUSANDS.finditer(text)}
        plain = "".join("," if i in marks else char for i, char in enumerate(plain))
    return plain


def _replaced(text: str, changed: dict[str, str]) -> str:
    # a few signs are replaced sooner one by one; of many none may be replaced twice
    if len(changed) > 40 or not changed.keys().isdisjoint(changed.values()):
        return text.translate({ord(char): changed.get(char, char) for char in set(text)})
    for char, plain in changed.items():
        text = text.replace(char, plain)
    return text
