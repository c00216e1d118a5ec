"""Charts as PNG, without a browser and without the network: vl-convert draws with the fonts of the machine.

A picture without Chinese letters is worse than none: where no Chinese font is found, that is said and nothing drawn.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

# family → how its files are called
FONTS = {
    "Noto Sans CJK SC": "notosanscjk", "Source Han Sans SC": "sourcehansans", "WenQuanYi Zen Hei": "wqy-zenhei",
    "WenQuanYi Micro Hei": "wqy-microhei", "Microsoft YaHei": "msyh", "PingFang SC": "pingfang", "SimHei": "simhei",
    "SimSun": "simsun", "FangSong": "simfang",
}  # fmt: skip
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/System/Library/Fonts",
    "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
WIDTH, SCALE = 760, 2
NO_FONT = "本机没有中文字体，画不出图：请安装中文字体（例如 apt install fonts-wqy-zenhei），再试一次"


class NoFont(Exception):
    """No Chinese font on this machine; the message is Chinese and says what to do."""


@cache
def chinese_font(folders: tuple[str, ...] = FOLDERS) -> str:
    """The first of the known Chinese families that the machine has. Raises NoFont."""
    roots = [Path(folder).expanduser() for folder in folders]
    stems = {path.stem.lower() for root in roots if root.is_dir() for path in root.rglob("*.[tToO][tT][fFcC]")}
    for family, name in FONTS.items():
        if any(stem.startswith(name) for stem in stems):
            return family
    raise NoFont(NO_FONT)


def png(spec: dict[str, Any], title: str, notes: list[str]) -> bytes:
    """A Vega-Lite chart with its title and what it rests on. Raises NoFont."""
    import vl_convert

    font = chinese_font()
    own = spec.get("config", {}) | {"font": font, "background": "white", "padding": 16}
    heading = {"text": title, "subtitle": notes, "anchor": "start", "offset": 14, "font": font, "subtitleFont": font,
               "fontSize": 16, "subtitleFontSize": 12, "subtitleColor": "#5a6675"}  # fmt: skip
    return vl_convert.vegalite_to_png(spec | {"title": heading, "width": WIDTH, "config": own}, scale=SCALE)
