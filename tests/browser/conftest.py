"""One server on the showcase release and one Chromium for all browser tests; skipped where there is no Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect, sync_playwright

from tests.app.conftest import copy_home
from tests.app.showcase import showcase_home

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
DESKTOP, PHONE = (1440, 900), (390, 844)
# Streamlit asks for its own health below the page's address before it knows its base path.
OWN_PROBES = "_stcore"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watched:
    """A page and what went wrong on it: script errors, requests that leave the machine, dialogs."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Go to an address of the app and wait until its page run has ended."""
        self.page.goto(f"{self.base}/{address}")
        return self.settled()

    def settled(self) -> Page:
        self.page.locator(".foot").wait_for()
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return self.page


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[str]:
    # people act in it: a copy, so that other suites find the showcase as it was built
    home = tmp_path_factory.mktemp("browser_home")
    copy_home(showcase_home(run_folder / "showcase"), home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "streamlit_app.py"),
        "--server.address", "127.0.0.1", "--server.port", str(port),
    ]  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")} | {"DUBAN_HOME": str(home)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed on this machine")
    # a busy machine is slow, not wrong
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


@pytest.fixture(scope="session")
def of_scheme(browser: Browser) -> Callable[[str], BrowserContext]:
    """A context for each colour scheme, for tests that only look: what one page fetched, the next need not."""
    return cache(lambda scheme: _context(browser, DESKTOP, scheme))


def _context(browser: Browser, size: tuple[int, int], scheme: str = "light") -> BrowserContext:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN")
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
def watched(
    browser: Browser, server: str, of_scheme: Callable[[str], BrowserContext], request: pytest.FixtureRequest
) -> Iterator[Watched]:
    """A fresh page in the size of the test (desktop unless it takes `size`); fails the test on any trouble."""
    only_looks = "scheme" in request.fixturenames
    if only_looks:
        context = of_scheme(request.getfixturevalue("scheme"))
    else:
        context = _context(browser, request.getfixturevalue("size") if "size" in request.fixturenames else DESKTOP)
    seen = Watched(context.new_page(), server)

    def on_request(asked: Request) -> None:
        if not asked.url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
            seen.troubles.append(f"request to {asked.url}")

    def on_dialog(dialog: Dialog) -> None:
        seen.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    seen.page.on("request", on_request)
    seen.page.on("pageerror", lambda error: seen.troubles.append(f"script error: {error}"))
    seen.page.on("dialog", on_dialog)
    seen.page.on(
        "console",
        lambda said: (
            seen.troubles.append(f"console: {said.text} {said.location.get('url')}")
            if said.type == "error" and OWN_PROBES not in (said.location.get("url") or "")
            else None
        ),
    )
    yield seen
    seen.page.close()
    if not only_looks:
        context.close()
    assert seen.troubles == []


def _wait_until_up(address: str, process: subprocess.Popen) -> None:
    for _ in range(120):
        assert process.poll() is None, f"the app ended at once with code {process.returncode}"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the app did not answer within 30 seconds")
