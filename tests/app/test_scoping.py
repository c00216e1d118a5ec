"""A person of one region sees no other region's rows: in the copy, on any page, by any address, in any statement."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import auth, scoping
from app.acting import ACTOR
from app.navigation import PLACES, is_open, menu
from ingestion.releases import Release, connect
from ingestion.sql import SqlLimits, run_sql
from tests.app.showcase import BAY, CITY, HILL, LAKE
from tests.app.test_app_pages import ENTRY, text

WOULD_BE = auth.Person("周林", "填报", LAKE)
SHOWN = [place for place in PLACES if is_open(place, WOULD_BE)]


def rows(release: Release, sql: str) -> list[tuple]:
    with connect(release) as con:
        return con.execute(sql).fetchall()


def outside(release: Release, region: str) -> set[str]:
    """Codes and names of everything in the release that lies outside a region."""
    below = (
        f"(select descendant_region_code from marts.bridge_region_descendants where ancestor_region_code = '{region}')"
    )
    found = rows(
        release,
        f"""select unnest([school_code, school_name]) from marts.dim_schools where region_code not in {below}
        union select unnest([unit_code, unit_name]) from marts.dim_units where region_code not in {below}
        union select region_name from marts.dim_regions where region_code not in {below}
        union select unnest([commitment_id, quote]) from marts.fct_commitments where region_code not in {below}
        union select title from marts.dim_documents where region_code not in {below}""",
    )
    own = {
        value
        for (value,) in rows(
            release,
            f"""select quote from marts.fct_commitments where region_code in {below}
            union select school_name from marts.dim_schools where region_code in {below}""",
        )
    }
    return {value for (value,) in found if value and value not in own}


def everything(release: Release) -> str:
    """Every text of every table of a release."""
    texts = []
    with connect(release) as con:
        for (table,) in con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall():
            for row in con.execute(f'select * from marts."{table}"').fetchall():
                texts.extend(str(value) for value in row if isinstance(value, str))
    return "\n".join(texts)


@pytest.mark.parametrize("region", [LAKE, HILL, BAY])
def test_no_table_of_a_regions_copy_names_another_region(at_home: Path, release: Release, region: str) -> None:
    names = outside(release, region)
    held = everything(scoping.scoped(release, region))
    assert len(names) > 5
    assert [name for name in names if name in held] == []


def test_the_copy_holds_all_of_the_region(at_home: Path, release: Release) -> None:
    copy = scoping.scoped(release, LAKE)
    for table in (
        "fct_commitments",
        "fct_attainments",
        "fct_actuals",
        "fct_submissions",
        "dim_schools",
        "fct_indicator_values",
    ):
        count = f"select count(*) from marts.{table}"
        assert rows(copy, count) == rows(release, f"{count} where region_code = '{LAKE}'"), table
    assert rows(copy, "select count(*) from marts.fct_attainments")[0][0] > 0
    whole = scoping.scoped(release, CITY)
    assert rows(whole, "select count(*) from marts.fct_actuals") == rows(
        release, "select count(*) from marts.fct_actuals"
    )


def test_a_table_without_a_known_key_is_left_empty() -> None:
    assert scoping.cut("fct_new", ["note", "figure"]) == "false"
    assert "region_code" in scoping.cut("fct_new", ["region_code", "figure"])


def look(page: str, person: str = "周林", **parameters: str) -> AppTest:
    test = AppTest.from_file(str(ENTRY), default_timeout=60)
    test.session_state[ACTOR] = person
    test.run()
    test.switch_page(f"app_pages/{page}.py")
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def seen(test: AppTest) -> str:
    """All that the page run sent: its HTML and the choices of its widgets."""
    options = [str(option) for kind in ("selectbox", "multiselect") for box in test.get(kind) for option in box.options]
    return "\n".join([text(test), *options, *(str(box.value) for box in test.get("text_area"))])


@pytest.mark.parametrize("place", [place.file for place in SHOWN])
def test_no_page_shows_another_region(at_home: Path, release: Release, place: str) -> None:
    test = look(place, commitment="c01", region="西山县", scope=HILL, owner="演示市教育局基建办")
    shown = seen(test)
    assert not test.exception
    assert "没能打开" not in shown
    assert "不对您开放" not in shown
    # the bureau's own name stands on every page, and what was asked for in the address
    assert [name for name in outside(release, LAKE) - {"演示市", "c01"} if name in shown] == []


@pytest.mark.parametrize("place", [place.file for place in PLACES if not is_open(place, WOULD_BE)])
def test_pages_of_the_whole_bureau_do_not_open_for_a_region(at_home: Path, place: str) -> None:
    test = AppTest.from_file(str(ENTRY), default_timeout=60)
    test.session_state[ACTOR] = "周林"
    test.run()
    with pytest.raises(ValueError, match=place):
        test.switch_page(f"app_pages/{place}.py").run()


def test_statements_read_the_regions_copy(at_home: Path, release: Release) -> None:
    copy = scoping.scoped(release, LAKE)
    found = run_sql(copy.path, "select distinct region_code from fct_actuals", SqlLimits()).frame
    assert found["region_code"].to_list() == [LAKE]


def test_a_copy_that_went_away_is_made_again(at_home: Path, release: Release) -> None:
    first = scoping.scoped(release, LAKE)
    first.path.unlink()
    assert rows(scoping.scoped(release, LAKE), "select count(*) from marts.fct_actuals")[0][0] > 0


def test_roles_have_menus_of_their_own() -> None:
    assert [p.title for _, places in menu(auth.Person("李局长", "领导")) for p in places] == [
        "总览",
        "目标台账",
        "重点项目",
        "整改台账",
    ]
    assert [p.title for _, places in menu(WOULD_BE) for p in places] == [
        "目标台账",
        "上报",
        "学校报送",
        "数据质量",
    ]
    assert sum(len(places) for _, places in menu(auth.Person("演示管理员", "管理员"))) == len(PLACES) - 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"preferred_username": "LAKE"}, "周林"),
        ({"email": "lake", "email_verified": True}, "周林"),
        ({"email": "lake", "email_verified": False}, None),
        ({"email": "lake"}, None),
        ({"sub": "nobody"}, None),
        ({}, None),
    ],
)
def test_only_configured_users_are_let_in(at_home: Path, said: dict, name: str | None) -> None:
    found = auth.known(said)
    assert (found.name if found else None) == name
    if found:
        assert (found.role, found.region, found.is_signed_in) == ("填报", LAKE, True)


def test_reporters_are_bound_by_their_region_or_by_signing_in() -> None:
    assert auth.Person("周林", "填报", LAKE).is_bound
    assert auth.Person("陈晨", "填报", is_signed_in=True).is_bound
    assert not auth.Person("陈晨", "填报").is_bound
    assert not auth.Person("王敏", "督办", is_signed_in=True).is_bound


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("", False),
        (None, False),
        ("10.0.0.5", False),
    ],
)
def test_without_sign_in_only_this_machine_is_served(address: str | None, is_local: bool) -> None:
    assert auth.is_local(address) is is_local


def test_an_open_address_without_sign_in_shows_nothing(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth.st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else None)
    shown = text(AppTest.from_file(str(ENTRY), default_timeout=60).run())
    assert "没有启用登录，只能在本机使用" in shown
    assert "数据截至" not in shown


@pytest.mark.parametrize(("lacking", "told"), [([], "请用单位账号登录"), (["authlib"], "登录没有配置好")])
def test_whoever_is_not_signed_in_is_asked_to(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, lacking: list[str], told: str
) -> None:
    monkeypatch.setattr(auth, "missing", lambda: lacking)
    test = AppTest.from_file(str(ENTRY), default_timeout=60)
    test.secrets["auth"] = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x"}
    shown = text(test.run())
    assert told in shown
    assert "数据截至" not in shown


def test_macros_of_the_copy_speak_of_the_region_alone(at_home: Path, release: Release) -> None:
    copy = scoping.scoped(release, LAKE)
    own = {key for (key,) in rows(copy, "select commitment_id from marts.fct_commitments")}
    found = run_sql(copy.path, "select distinct commitment_id from figure_cells(null)", SqlLimits()).frame
    assert found.height
    assert set(found["commitment_id"]) <= own
