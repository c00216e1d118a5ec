"""What each configuration table may hold, as data: required columns, keys, known words, references. No checking code.

A column that is not required may be left blank, or out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STAGES = ("幼儿园", "小学", "初中", "九年一贯制", "完全中学", "普通高中", "特殊教育", "中职")
SECTORS = ("公办", "普惠性民办", "民办")
AGGREGATIONS = (
    "ratio_of_sums", "share_meeting", "sum_flow", "last_stock", "coefficient_of_variation", "per_place_min",
)  # fmt: skip
REFERENCES = ("上年末", "上年同期", "上次调查", "固定年")
REPORTER_TYPES = ("学校", "单位")
ROLES = ("管理员", "领导", "督办", "分析", "填报")


@dataclass(frozen=True)
class FileRules:
    """The rules of one table.

    `references` maps a column to the table and column it must be found in, `patterns` to an expression and what it
    asks for; `in_order` are pairs of dates; rows of one `code` must not be valid on the same day.
    """

    table: str
    required: tuple[str, ...]
    key: tuple[str, ...]
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    word_lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: dict[str, tuple[str, str]] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    in_order: tuple[tuple[str, str], ...] = ()
    code: tuple[str, ...] = ()
    may_be_absent: bool = False


VALID = ("valid_from_date", "valid_to_date")
# said of a date that lies before the other one of its pair
BEFORE = {
    "valid_from_date": "早于生效日期", "opened_date": "早于开办日期", "start_date": "早于开学日期",
    "due_date": "早于截止日期",
}  # fmt: skip
SIX_DIGITS = (r"^\d{6}$", "应为六位数字")
TEN_DIGITS = (r"^\d{10}$", "应为十位数字")
REGION = ("regions.csv", "region_code")
INDICATOR = ("indicators.csv", "indicator_code")

FILES: dict[str, FileRules] = {
    "regions.csv": FileRules(
        table="config__regions",
        required=("region_code", "region_name", "region_level"),
        key=("region_code", "valid_from_date"),
        words={"region_level": ("省", "市", "区县")},
        patterns={"region_code": SIX_DIGITS},
        references={"parent_region_code": REGION},
        in_order=(VALID,),
        code=("region_code",),
    ),
    "schools.csv": FileRules(
        table="config__schools",
        required=("school_code", "school_name", "region_code", "stage", "sector", "is_rural"),
        key=("school_code",),
        words={"stage": STAGES, "sector": SECTORS},
        patterns={"school_code": TEN_DIGITS},
        in_order=(("opened_date", "closed_date"),),
        references={"region_code": REGION, "merged_into_code": ("schools.csv", "school_code")},
    ),
    "units.csv": FileRules(
        table="config__units",
        required=("unit_code", "unit_name", "unit_type", "region_code"),
        key=("unit_code", "valid_from_date"),
        words={"unit_type": ("局", "科室", "直属单位", "区县", "镇街")},
        references={"region_code": REGION, "parent_unit_code": ("units.csv", "unit_code")},
        in_order=(VALID,),
        code=("unit_code",),
    ),
    "indicators.csv": FileRules(
        table="config__indicators",
        required=("indicator_code", "indicator_name", "definition_version", "aggregation", "source_form", "numerator"),
        key=("indicator_code", "definition_version"),
        words={"aggregation": AGGREGATIONS, "baseline_reference": REFERENCES},
        word_lists={"stages": STAGES, "sectors": SECTORS, "numerator_sectors": SECTORS},
        ranges={
            "window_from_month": (1, 12),
            "window_to_month": (1, 12),
            "baseline_year": (1990, 2100),
            "multiplier": (1, 100_000),
            "tolerance_pct": (0, 100),
            "max_age_days": (1, 10_000),
        },
        references={"scope_region_code": REGION},
        in_order=(VALID,),
        code=("indicator_code",),
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
    "progress_curves.csv": FileRules(
        table="config__progress_curves",
        required=("applies_to", "shape", "elapsed_pct", "expected_pct"),
        key=("applies_to", "elapsed_pct"),
        words={"shape": ("折线", "阶梯")},
        ranges={"elapsed_pct": (0, 100), "expected_pct": (0, 100)},
        may_be_absent=True,
    ),
    "users.csv": FileRules(
        table="config__users",
        required=("user_name", "display_name", "role"),
        key=("user_name",),
        words={"role": ROLES},
        references={"region_code": REGION},
        may_be_absent=True,
    ),
    "target_sets.csv": FileRules(
        table="config__target_sets",
        required=("set_code", "set_name", "source", "item_no", "stage", "indicator_code", "operator", "threshold"),
        key=("set_code", "stage", "indicator_code", "valid_from_date"),
        words={"operator": (">=", "<="), "stage": STAGES},
        ranges={"floor_pct": (0, 100)},
        references={"indicator_code": INDICATOR, "cv_indicator_code": INDICATOR},
        in_order=(VALID,),
        code=("set_code", "stage", "indicator_code"),
        may_be_absent=True,
    ),
    "calendar_days.csv": FileRules(
        table="config__calendar_days",
        required=("calendar_date", "day_type"),
        key=("calendar_date",),
        words={"day_type": ("放假", "上班")},
        may_be_absent=True,
    ),
    "school_terms.csv": FileRules(
        table="config__school_terms",
        required=("school_year", "term_name", "start_date", "end_date"),
        key=("school_year", "term_name"),
        words={"term_name": ("第一学期", "第二学期")},
        ranges={"school_year": (1990, 2100)},
        in_order=(("start_date", "end_date"),),
        may_be_absent=True,
    ),
    "registers.csv": FileRules(
        table="config__registers",
        required=("school_year", "reporter_code", "reporter_name", "reporter_type", "region_code", *VALID),
        key=("school_year", "reporter_code"),
        words={"reporter_type": REPORTER_TYPES, "stage": STAGES},
        ranges={"school_year": (1990, 2100)},
        references={"region_code": REGION},
        in_order=(VALID,),
        code=("school_year", "reporter_code"),
        may_be_absent=True,
    ),
    "form_deadlines.csv": FileRules(
        table="config__form_deadlines",
        required=("form_code", "period_start_date"),
        key=("form_code", "period_start_date"),
        in_order=(("due_date", "lock_date"),),
        may_be_absent=True,
    ),
}
