"""bureau.toml: whose warehouse this is and as of which day it is judged. The tables are in the loader."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingestion.config.problems import Problem

_REASONS = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识的项",
    "date_from_datetime_parsing": "不是日期，请写成2020-10-20",
    "date_type": "不是日期，请写成2020-10-20，不加引号",
    "bool_type": "应为true或false",
    "string_type": "应为带引号的文字",
    "string_too_short": "不能为空",
}


class Bureau(BaseModel):
    """The bureau's name as pages show it; `evaluation_date` null means today; demo data is marked on every page."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(min_length=1)
    evaluation_date: date | None = None
    is_demo: bool = False


def read_bureau(path: Path) -> tuple[Bureau | None, list[Problem]]:
    """The bureau of a TOML file, or None with what is wrong with it."""
    if not path.exists():
        return None, [Problem(path.name, 0, "", "缺少此文件")]
    try:
        return Bureau.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))), []
    except UnicodeDecodeError:
        return None, [Problem(path.name, 0, "", "不是UTF-8文本")]
    except tomllib.TOMLDecodeError as error:
        return None, [Problem(path.name, 0, "", f"写法有误：{error}")]
    except ValidationError as error:
        return None, [
            Problem(path.name, 0, ".".join(map(str, e["loc"])), _REASONS.get(e["type"], e["msg"]))
            for e in error.errors()
        ]
