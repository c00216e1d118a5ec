"""A bureau's first light by clicks: two promises and a card confirmed on 复核, published by the refresher beside the
dashboard while the page is open. The home was made by `duban init` and holds nothing of the sample."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ingestion.releases import Releases
from tests.browser.conftest import DESKTOP, ROOT, Watched, _wait_until_up
from tests.browser.test_acts import say_who, told
from tests.conftest import Ran
from tests.end_to_end.test_first_day import CONFIGURATION, PLAN, WHO, canteens, done, fill
from tests.end_to_end.test_refresh import rows

PUBLISHED_WITHIN_SECONDS = 120  # on a busy machine; what it takes on a quiet one is measured, not tested
CLERK = ("用户", {"登录名": "wangmin", "显示名": "王敏", "角色": "督办"})


@pytest.fixture
def first_release(tmp_path: Path, run: Callable[..., Ran]) -> Path:
    """A configured home after its first refresh: nothing confirmed, so nothing lit."""
    home = tmp_path / "home"
    done(run(home, "init"))
    canteens(tmp_path / "canteens.xlsx", (2, 2))
    done(run(home, "form", "new", str(tmp_path / "canteens.xlsx"), "--out", str(home / "forms" / "canteen")))
    fill(home / "config" / "配置.xlsx", [*CONFIGURATION, CLERK])
    done(run(home, "config", "apply", *WHO))
    (home / "plans" / "青禾县教育局2026年工作要点.txt").write_text(PLAN, "utf-8")
    canteens(home / "inbox" / "八月食堂.xlsx", (2, 2))
    done(run(home, "refresh"), "已发布第 1 版")
    return home


@pytest.fixture
def dashboard(first_release: Path, browser: Browser) -> Iterator[str]:
    """`duban app` as a user starts it, with the refresher beside it."""
    assert browser
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "app", "--port", str(port)],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")} | {"DUBAN_HOME": str(first_release)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)  # a refresh that runs comes to its end


def published_after(home: Path, sequence: int) -> int:
    """The release that follows, waited for."""
    limit = time.monotonic() + PUBLISHED_WITHIN_SECONDS
    while time.monotonic() < limit:
        current = Releases(home / "releases").resolve().sequence
        if current > sequence:
            return current
        time.sleep(0.5)
    raise AssertionError(f"nothing was published within {PUBLISHED_WITHIN_SECONDS} seconds of the acts")


@pytest.mark.soak
def test_a_first_light_by_clicks(dashboard: str, first_release: Path, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="zh-CN")
    context.set_default_timeout(30_000)
    watched = Watched(context.new_page(), dashboard)
    page = watched.open("review")
    say_who(watched)
    expect(page.locator(".quote-big")).to_contain_text("明厨亮灶覆盖率达到80%以上")
    page.get_by_role("button", name="确认指标口径").click()
    expect(told(page)).to_contain_text("口径")
    watched.settled()
    confirm = page.locator(".st-key-do_confirm button")  # its name has its key too
    confirm.click()
    expect(page.locator(".quote-big")).to_contain_text("校园食品安全管理办法")
    watched.settled()
    confirm.click()
    expect(page.locator(".frame .unpublished")).to_contain_text("待发布")

    sequence = published_after(first_release, 1)
    while rows(first_release, "select light from fct_attainments where kind = 'metric'") == [("灰",)]:
        sequence = published_after(first_release, sequence)
    page = watched.open("ledger")
    metric = page.locator("table.ledger tbody tr", has_text="明厨亮灶")
    expect(metric.locator(".chip")).to_contain_text("蓝")
    expect(metric.locator(".c-actual")).to_contain_text("80.0%")
    context.close()
