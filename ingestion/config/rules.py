"""What each configuration file may hold, as data: required columns, keys, known words, references. No code that checks.

A column that is not required may be left blank; every column of the table must stand in the header, `extra` ones may.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STAGES = ("幼儿园", "小学", "初中", "九年一贯制", "完全中学", "普通高中", "特殊教育", "中职")
SECTORS = ("公办", "普惠性民办", "民办")
AGGREGATIONS = (
    "ratio_of_sums", "share_meeting", "sum_flow", "last_stock", "coefficient_of_variation", "per_place_min",
)  # fmt: skip
REFERENCES = ("上年末", "上年同期", "上次调查")
ROLES = ("管理员", "领导", "督办", "分析", "填报")


@dataclass(frozen=True)
class FileRules:
    """The rules of one file; `references` maps a column to the file and column it must be found in."""

    table: str
    required: tuple[str, ...]
    key: tuple[str, ...]
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    word_lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    may_be_absent: bool = False


REGION = ("regions.csv", "region_code")
INDICATOR = ("indicators.csv", "indicator_code")

FILES: dict[str, FileRules] = {
    "regions.csv": FileRules(
        table="config__regions",
        required=("region_code", "region_name", "region_level"),
        key=("region_code", "valid_from_date"),
        words={"region_level": ("省", "市", "区县")},
        patterns={"region_code": r"^\d{6}$"},
        references={"parent_region_code": REGION},
    ),
    "schools.csv": FileRules(
        table="config__schools",
        required=("school_code", "school_name", "region_code", "stage", "sector", "is_rural"),
        key=("school_code",),
        words={"stage": STAGES, "sector": SECTORS},
        patterns={"school_code": r"^\d{10}$"},
        references={"region_code": REGION},
        extra=("aliases",),
    ),
    "units.csv": FileRules(
        table="config__units",
        required=("unit_code", "unit_name", "unit_type", "region_code"),
        key=("unit_code",),
        words={"unit_type": ("局", "科室", "直属单位", "区县", "镇街")},
        references={"region_code": REGION, "parent_unit_code": ("units.csv", "unit_code")},
        extra=("aliases",),
    ),
    "indicators.csv": FileRules(
        table="config__indicators",
        required=("indicator_code", "indicator_name", "definition_version", "aggregation", "source_form", "numerator"),
        key=("indicator_code",),
        words={"aggregation": AGGREGATIONS, "baseline_reference": REFERENCES},
        word_lists={"stages": STAGES, "sectors": SECTORS, "numerator_sectors": SECTORS},
        references={"scope_region_code": REGION},
    ),
    "baselines.csv": FileRules(
        table="config__baselines",
        required=("indicator_code", "region_code", "reference", "period_start_date", "source_document", "approved_by"),
        key=("indicator_code", "region_code", "reference", "period_start_date"),
        words={"reference": REFERENCES},
        references={"indicator_code": INDICATOR, "region_code": REGION},
        may_be_absent=True,
    ),
    "exemptions.csv": FileRules(
        table="config__exemptions",
        required=("form_code", "reporter_code", "period_start_date", "reason"),
        key=("form_code", "reporter_code", "period_start_date"),
        may_be_absent=True,
    ),
    "light_presets.csv": FileRules(
        table="config__light_presets",
        required=("preset_name", "yellow_from_lag", "red_above_lag", "is_default"),
        key=("preset_name",),
    ),
    "users.csv": FileRules(
        table="config__users",
        required=("user_name", "display_name", "role"),
        key=("user_name",),
        words={"role": ROLES},
        references={"region_code": REGION},
        may_be_absent=True,
    ),
}
