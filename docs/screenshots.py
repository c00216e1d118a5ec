"""Make the screenshots of the README from the home that DUBAN_HOME names: `python docs/screenshots.py`.

Run it after `duban refresh` on the sample; a second refresh with another date fills the list of changes. It starts the
dashboard on a free port, drives Chromium through the pages, writes docs/images/*.png and stops the dashboard.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from ingestion.releases import Releases, connect
from ingestion.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"]
MAX_BYTES = 400_000


def main() -> None:
    """Write every picture of the tour; raises where Chromium or a release is missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("找不到 chromium：请先安装，再运行本脚本")
    IMAGES.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    app = ROOT / "app" / "streamlit_app.py"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        "--server.address",
        "127.0.0.1",
        "--server.port",
        str(port),
    ]
    dashboard = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = browser.new_context(viewport=SIZE, locale="zh-CN", color_scheme="light").new_page()  # type: ignore[arg-type]
            _tour(page, f"http://127.0.0.1:{port}")
            _phone(browser, f"http://127.0.0.1:{port}")
            browser.close()
    finally:
        dashboard.terminate()
        dashboard.wait(timeout=10)


def _tour(page: Page, base: str) -> None:
    page.goto(base)
    _keep(page, "overview")
    page.goto(f"{base}/ledger?plan=温州市龙湾区 2020&kind=指标")
    _keep(page, "ledger")
    page.goto(f"{base}/ledger?status=取决于&kind=指标")
    page.locator("table.ledger tbody tr a.name").first.click()
    page.locator("mark.number").wait_for()
    _keep(page, "detail")
    page.locator(".chart-head").scroll_into_view_if_needed()
    page.locator("[data-testid=stMain]").evaluate("pane => pane.scrollBy(0, 560)")
    _keep(page, "outlook")
    page.goto(f"{base}/quality")
    page.locator(".foot").wait_for()
    page.locator("details.cause-group", has_text="大于").first.locator("summary").click()
    _keep(page, "quality")
    _comparing(page, base)
    _acts(page, base)


def _comparing(page: Page, base: str) -> None:
    """The pages of the data section, and a workbook with a mistake dropped on the page of the schools."""
    for name, address in (("submissions", "submissions"), ("regions", "regions"), ("assessments", "assessments")):
        page.goto(f"{base}/{address}")
        _keep(page, name)
    page.goto(f"{base}/balance?region=台州市")
    _keep(page, "balance")
    page.goto(f"{base}/upload?form=幼儿园统计月报表")
    page.locator(".foot").wait_for()
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", _mistaken(load_settings()))
    page.locator("details.cause-group").first.wait_for(timeout=120_000)
    _keep(page, "upload")


def _mistaken(settings: Settings) -> Path:
    """A kindergarten's workbook of the sample with cells that the gate held."""
    query = """select files.sha256, files.file_name from marts.fct_findings as found
        inner join marts.fct_files as files on found.file_id = files.file_id
        where found.form_code = 'kindergarten' and found.severity = '有效性' order by found.finding_id limit 1"""
    with connect(Releases(settings.paths.releases).resolve()) as con:
        row = con.execute(query).fetchone()
    if row is None:
        raise SystemExit("演示数据里没有可以拿来自查的报表：请先用样例运行 duban refresh")
    copy = Path(tempfile.mkdtemp()) / Path(row[1]).name
    shutil.copyfile(settings.paths.arrivals / row[0][:2] / row[0], copy)
    return copy


def _phone(browser: Browser, base: str) -> None:
    """What a leader sees on a phone."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN", color_scheme="light").new_page()  # type: ignore[arg-type]
    page.goto(base)
    _keep(page, "phone")
    page.goto(f"{base}/submissions")
    page.locator(".heat-pane").wait_for()
    page.locator(".heat-pane").scroll_into_view_if_needed()
    _keep(page, "phone-submissions")


def _acts(page: Page, base: str) -> None:
    """The pages of the supervision office, with somebody who says who they are."""
    page.goto(f"{base}/review")
    page.get_by_label("您是谁").fill("演示督办员")
    page.keyboard.press("Enter")
    page.get_by_label("依据什么办理").fill("逐条核对原文")
    page.keyboard.press("Enter")
    page.locator(".who").wait_for()
    _keep(page, "review")
    page.goto(f"{base}/rectifications")
    _keep(page, "rectifications")
    page.goto(f"{base}/calendar?month=2020-11")
    _keep(page, "calendar")


def _keep(page: Page, name: str) -> None:
    page.locator(".foot").wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)  # charts draw after the run has ended
    if page.get_by_text("演示数据").count() == 0:
        raise SystemExit("当前不是演示数据：截图只用演示数据")
    target = IMAGES / f"{name}.png"
    page.screenshot(path=target)
    if target.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{target.name} 超过 {MAX_BYTES} 字节")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("看板 30 秒内没有启动")


if __name__ == "__main__":
    main()
