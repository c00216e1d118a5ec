"""Who may not act reaches no page of acts by its address, and no button of any page that opens changes anything."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import acting, auth, navigation, roles
from app.navigation import PLACES
from app.roles import Person
from ingestion.registry.acts import standing
from ingestion.registry.events import Registry
from ingestion.registry.rectifications import read_rectifications
from tests.app.showcase import LAKE
from tests.app.test_app_pages import ENTRY, text

LEADER, ANALYST = Person("李局长", "领导"), Person("吴分析", "分析")
SIGNED_IN = [
    Person("李局长", "领导", is_signed_in=True),
    Person("吴分析", "分析", is_signed_in=True),
    Person("陈晨", "填报", is_signed_in=True),
    Person("周林", "填报", LAKE, is_signed_in=True),
    Person("无角色", is_signed_in=True),
    Person("王敏", "督办", is_signed_in=True),
    Person("孙管理", "管理员", is_signed_in=True),
]
PAGES_OF_ACTS = {"tasks", "review", "approvals", "settings"}
# they ask, move on or leave; none of them writes
HARMLESS = ("停止", "运行", "sign_out", "do_back", "do_next")


@pytest.mark.parametrize("person", SIGNED_IN, ids=lambda person: f"{person.role}{person.region}")
def test_pages_of_acts_open_for_those_who_may_act_alone(person: Person) -> None:
    opened = {place.file for place in PLACES if navigation.is_open(place, person)}
    assert bool(opened & PAGES_OF_ACTS) is (person.role in ("督办", "管理员"))
    assert ("upload" in opened) is (person.role in ("督办", "管理员", "填报"))
    assert {"overview", "ledger", "commitment"} <= opened
    listed = {place.file for _, places in navigation.menu(person) for place in places}
    assert listed <= opened


def test_at_this_machine_a_name_nobody_knows_may_act_and_a_known_role_counts() -> None:
    assert Person().may_act
    assert Person("陈局").may_act
    assert not LEADER.may_act
    assert not ANALYST.may_act
    assert not Person("", "", is_signed_in=True).may_act


def test_no_page_lets_a_person_act_whose_role_does_not(
    own_home: Path, log: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "is_open", lambda _place, _person: True)  # as if every page could be reached
    monkeypatch.setattr(auth, "person", lambda: roles.remember(LEADER))
    matter = next(iter(read_rectifications(standing(log))), "")
    before = (log.last_event_no(), arrived(own_home))
    for place in PLACES:
        test = AppTest.from_file(str(ENTRY), default_timeout=60)
        test.session_state[acting.ACTOR], test.session_state[acting.REASON] = LEADER.name, "试一试"
        test.switch_page(f"app_pages/{place.file}.py")
        for name, value in {"commitment": "c01", "key": matter, "month": "2020-12"}.items():
            test.query_params[name] = value
        test.run()
        assert "没能打开" not in text(test), place.file
        live = [b.label for b in test.button if not b.disabled and b.key not in HARMLESS and b.label not in HARMLESS]
        assert live == [], place.file
    assert (log.last_event_no(), arrived(own_home)) == before


@pytest.mark.parametrize("person", [LEADER, SIGNED_IN[2]], ids=lambda person: person.role)
def test_an_act_asked_for_all_the_same_is_refused(
    own_home: Path, log: Registry, monkeypatch: pytest.MonkeyPatch, person: Person
) -> None:
    monkeypatch.setattr(acting, "may_act", lambda: person.may_act)
    before = log.last_event_no()
    done: list[str] = []
    acting.perform("办理", lambda _log, _who: done.append("acted"))
    acting.take_back((before,))
    assert done == []
    assert log.last_event_no() == before


def test_a_leader_who_types_the_address_of_a_page_of_acts_is_told_so(at_home: Path) -> None:
    test = AppTest.from_file(str(ENTRY), default_timeout=60)
    test.session_state[acting.ACTOR] = "李局长"
    test.run()
    for place in PLACES:
        assert navigation.is_open(place, LEADER) is (place.file not in PAGES_OF_ACTS | {"upload"})
    assert 'href="review"' not in text(test)
    with pytest.raises(ValueError, match="review"):
        test.switch_page("app_pages/review.py").run()


def arrived(home: Path) -> list[str]:
    return sorted(str(path) for path in (home / "arrivals").rglob("*"))
