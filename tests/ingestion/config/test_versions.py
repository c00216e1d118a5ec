"""Applied versions: whole or not at all, never changed, brought back by a new one, said row by row."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingestion.config.applying import Act
from ingestion.config.blank import every_set
from ingestion.config.differences import differences
from ingestion.config.loader import Config, ConfigError, NoConfig, applied_config, load_config
from ingestion.config.sources import Refusal
from ingestion.config.versions import KEPT, VersionError
from ingestion.home import HomeExists, init_home, prepare_home
from ingestion.tables import CONFIG
from tests.conftest import duban
from tests.ingestion.config.conftest import Clerk, append

NEW_SCHOOL = {
    "学校标识码": "9902010004", "学校名称": "西山第四小学", "所在区划代码": "990201", "学段": "小学", "办别": "公办",
    "是否农村": "否",
}  # fmt: skip
UNDO = Act("王敏", "录入有误", datetime(2026, 9, 2, tzinfo=UTC))


def names(config: Config) -> list[str]:
    return config.tables["config__schools"]["school_name"].to_list()


def files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_an_applied_configuration_is_what_a_refresh_reads(clerk: Clerk) -> None:
    folder = clerk.settings.paths.config
    assert applied_config(folder) is None
    with pytest.raises(NoConfig, match="duban config apply"):
        load_config(folder)
    asked = clerk.service.read(clerk.path).config
    assert clerk.apply("首次采用") == 1
    config = load_config(folder)
    assert set(config.tables) == set(CONFIG)
    for table in KEPT:
        assert_frame_equal(config.tables[table], asked.tables[table])
    assert config.digest() == asked.digest()
    assert config.bureau.name == "西山县教育局"
    version = config.tables["config__versions"].row(0, named=True)
    assert (version["version_no"], version["applied_by"], version["reason"], version["is_current"]) == (
        1, "王敏", "首次采用", True,
    )  # fmt: skip
    assert version["digest"] == asked.digest()
    assert clerk.apply("再来一次") is None  # nothing differs: no version


def test_versions_are_only_added(clerk: Clerk) -> None:
    clerk.apply()
    before = files(clerk.service.versions.folder)
    clerk.edit(lambda book: append(book, "学校", NEW_SCHOOL))
    assert clerk.apply() == 2
    assert clerk.service.restore(1, UNDO).number == 3
    after = files(clerk.service.versions.folder)
    assert {name: after[name] for name in before} == before
    assert clerk.service.version(3).digest() == clerk.service.version(1).digest()
    assert clerk.service.versions.read(3).restored == 1
    assert names(load_config(clerk.settings.paths.config)) == names(clerk.service.version(1))
    with pytest.raises(VersionError, match="没有第9版配置（现有第1至3版）"):
        clerk.service.restore(9, UNDO)


def test_who_and_why_must_be_said(clerk: Clerk) -> None:
    with pytest.raises(Refusal, match="--why"):
        Act.now("王敏", " ")


@pytest.mark.parametrize("step", [f"config:wrote-{KEPT[3]}", "config:made", "config:renamed"])
def test_a_crash_leaves_the_old_version_or_the_new_one_whole(clerk: Clerk, step: str) -> None:
    clerk.apply()
    home, folder = clerk.settings.paths.home, clerk.settings.paths.config
    before = load_config(folder)
    clerk.edit(lambda book: append(book, "学校", NEW_SCHOOL))
    wanted = clerk.service.read(clerk.path).config.digest()
    ran = duban(home, "config", "apply", "--by", "王敏", "--why", "新学校", DUBAN_FAILPOINT=step)
    assert ran.code in {137, -9}, ran.out + ran.err
    is_new = step == "config:renamed"
    assert load_config(folder).digest() == (wanted if is_new else before.digest())
    ran = duban(home, "config", "apply", "--by", "王敏", "--why", "新学校")
    assert ran.code == 0, ran.out + ran.err
    assert load_config(folder).digest() == wanted
    assert clerk.service.versions.numbers() == [1, 2]
    assert not list(clerk.service.versions.folder.glob(".*"))


def test_differences_are_said_by_row_and_column(clerk: Clerk) -> None:
    clerk.apply()
    clerk.put_all(
        [
            ("学校", "9902010001", "在册学生数", 255),
            ("学校", "9902010001", "是否农村", "是"),
            ("单位", "XQ", "单位名称", "学前教育科"),
        ]
    )
    clerk.edit(lambda book: append(book, "学校", NEW_SCHOOL))
    clerk.edit(lambda book: book["日历"].delete_rows(2))
    found = differences(clerk.service.current(), clerk.service.read(clerk.path).config)
    assert [str(one) for one in found] == [
        "学校 修改：9902010001 西山第一幼儿园：是否农村 否 → 是；在册学生数 240 → 255",
        "学校 新增：9902010004 西山第四小学",
        "单位 修改：XQ·2020-01-01 学前教育科：单位名称 学前科 → 学前教育科",
        "日历 删除：2026-10-01 国庆节",
    ]


def test_a_workbook_of_an_old_version_does_not_take_back_what_came_since(clerk: Clerk, tmp_path: Path) -> None:
    clerk.apply()
    old = tmp_path / "旧.xlsx"
    clerk.service.export(old)
    clerk.edit(lambda book: append(book, "学校", NEW_SCHOOL))
    clerk.apply()
    act = Act.now("李四", "改名")
    clerk.edit(lambda book: append(book, "日历", {"日期": date(2026, 10, 2), "类型": "放假"}), old)
    with pytest.raises(Refusal, match=r"取自第1版，现行是第2版.*学校 9902010004"):
        clerk.service.apply(old, act)
    clerk.edit(lambda book: append(book, "学校", NEW_SCHOOL), old)
    assert clerk.service.apply(old, act).number == 3  # with the new school it takes nothing back
    clerk.service.export(old, 1)
    assert clerk.service.apply(old, act, overwrite=True).number == 4
    assert "西山第四小学" not in names(load_config(clerk.settings.paths.config))


def test_the_homes_workbook_follows_unless_it_holds_unapplied_work(clerk: Clerk) -> None:
    clerk.apply()
    loaded = clerk.service.load_set(every_set()["balanced_2017"], Act.now("王敏", "自查"))
    assert (loaded.number, loaded.workbook) == (2, True)
    source = clerk.service.read(clerk.path)
    assert (source.base_version, source.config.digest()) == (2, clerk.service.version(2).digest())
    clerk.edit(lambda book: append(book, "学校", NEW_SCHOOL))
    undone = clerk.service.restore(1, UNDO)
    assert (undone.number, undone.workbook) == (3, False)
    assert "西山第四小学" in names(clerk.service.read(clerk.path).config)


def test_a_target_set_is_loaded_once_and_checked_as_a_whole(clerk: Clerk) -> None:
    balanced = every_set()["balanced_2017"]
    with pytest.raises(Refusal, match="还没有采用过配置"):
        clerk.service.load_set(balanced, Act.now("王敏", "自查"))
    clerk.apply()
    assert clerk.service.load_set(balanced, Act.now("王敏", "自查")).number == 2
    assert clerk.service.load_set(balanced, Act.now("王敏", "自查")).number is None
    tables = load_config(clerk.settings.paths.config).tables
    assert tables["config__target_sets"].filter(pl.col("set_code") == "balanced_2017").height == 14
    assert tables["config__indicators"].filter(pl.col("indicator_code").str.starts_with("bal_")).height == 28


def test_a_version_of_an_earlier_release_reads_with_its_later_columns_empty(clerk: Clerk) -> None:
    clerk.apply()
    folder = clerk.service.versions.folder / "000001"
    units = pl.read_parquet(folder / "config__units.parquet")
    units.drop("aliases", "valid_from_date").write_parquet(folder / "config__units.parquet")
    (folder / "config__school_terms.parquet").unlink()
    tables = load_config(clerk.settings.paths.config).tables
    assert tables["config__units"]["aliases"].to_list() == [None, None]
    assert tables["config__school_terms"].is_empty()
    assert tables["config__units"].schema == pl.Schema(CONFIG["config__units"])


def test_a_damaged_version_is_said_and_not_read(clerk: Clerk) -> None:
    clerk.apply()
    (clerk.service.versions.folder / "000001" / "config__units.parquet").write_bytes(b"PAR1")
    with pytest.raises(ConfigError, match=r"第1版配置的文件损坏.*备份"):
        load_config(clerk.settings.paths.config)


def test_a_home_that_was_begun_is_never_overwritten(clerk: Clerk) -> None:
    before = files(clerk.settings.paths.home)
    with pytest.raises(HomeExists):
        init_home(clerk.settings.paths)
    assert prepare_home(clerk.settings.paths, say=lambda _: None) is False
    assert files(clerk.settings.paths.home) == before


def test_from_an_empty_folder_to_an_applied_configuration_by_command(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ran = duban(home, "init", "--with", "common")
    assert ran.code == 0, ran.err
    assert "配置.xlsx" in ran.out
    assert duban(home, "init").code == 2
    ran = duban(home, "config", "check")
    assert (ran.code, "配置.xlsx · 本单位「单位名称」：还没有填写" in ran.out) == (1, True), ran.out + ran.err
    clerk = Clerk(home)
    clerk.edit(lambda book: append(book, "本单位", {"单位名称": "北山县教育局"}))
    clerk.edit(lambda book: append(book, "区划", {"区划代码": "990301", "区划名称": "北山县", "级别": "区县"}))
    assert duban(home, "config", "check").code == 0
    ran = duban(home, "config", "apply", "--by", "王敏", "--why", "首次采用")
    assert (ran.code, "已采用为第1版" in ran.out) == (0, True), ran.out + ran.err
    config = load_config(home / "config")
    assert config.tables["config__indicators"].height > 25
    ran = duban(home, "config", "targets", "load", "balanced_2017", "--by", "王敏", "--why", "自查")
    assert "已采用为第2版" in ran.out
    assert "共 42 处改动" in ran.out
    assert duban(home, "config", "undo", "--by", "王敏", "--why", "暂不自查").code == 0
    history = duban(home, "config", "history").out.splitlines()
    assert [line.split(" ")[0] for line in history] == ["第3版（现行）", "第2版", "第1版"]
    assert "恢复第1版" in history[0]
    assert duban(home, "config", "diff").out.strip() == "没有不同"
    assert duban(home, "config", "export").code == 2  # not over the workbook that is there
