"""Viewers of the dashboard over its own websocket while releases are published, and the time of a page for one viewer.

First one viewer opens every page of the release several times: seconds from asking to the last element, the first time
left out (cold). Then VIEWERS open pages one after another for SECONDS while a release is published every few seconds.
First paint is the moment by which the line that names the release and the page's own title have both come; a page is
whole with its last element. Fails where a page could not be opened, where a page shows two releases, where the 95th
percentile of a warm page, or of the first paint among many viewers, passes its limit. The home is copied; its warehouse
must be there, as after `duban refresh`.

    DUBAN_HOME=/some/home python -m bench.viewers [VIEWERS] [SECONDS]
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: TID251 - its protocol, nothing of its runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: TID251
from websockets.typing import Origin

from ingestion.releases import Releases, connect
from ingestion.settings import PROJECT_ROOT, Paths, load_settings
from orchestration.dictionary import comments, provenance_macros

VIEWERS, SECONDS, REPEATS, PUBLISH_EVERY = 30, 60, 6, 5
LIMIT_WARM_MS, LIMIT_PAINT_SECONDS = 300, 3.0
# pages that read a release alone; where one wants a subject, a query string names it
PAGES = ("", "ledger", "commitment", "projects", "plan", "assessments", "submissions", "regions", "balance", "quality",
         "dictionary")  # fmt: skip
RELEASE = re.compile(r"第\s?(\d+)\s?版")
FAILURES = "没能打开", "要先刷新才能看"
HEADINGS = 'class="release"', 'class="title"'


@dataclass
class Seen:
    """What one opened page showed."""

    page: str
    seconds: float
    first_paint: float = 0.0
    releases: set[str] = field(default_factory=set)
    trouble: str = ""


async def open_page(socket_: Any, page: str, query: str) -> Seen:
    """Ask for a page and read until the script is done."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    started = time.perf_counter()
    await socket_.send(asked.SerializeToString())
    seen, is_own, awaited = Seen(page, 0.0), False, set(HEADINGS)
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket_.recv(), 60))
        kind = message.WhichOneof("type")
        is_own = is_own or kind == "new_session"
        if kind == "delta":
            text = message.SerializeToString().decode("utf-8", "replace")
            seen.releases.update(RELEASE.findall(text) if 'class="release"' in text or 'class="foot"' in text else ())
            if awaited:
                awaited -= {heading for heading in awaited if heading in text}
                seen.first_paint = time.perf_counter() - started
            if any(word in text for word in FAILURES) or message.delta.new_element.WhichOneof("type") == "exception":
                seen.trouble = text[:300]
        if kind == "script_finished" and is_own:
            seen.seconds = time.perf_counter() - started
            return seen


async def visit(address: str, queries: dict[str, str], until: float, seed: int) -> list[Seen]:
    """One viewer: a page after another, with a breath between."""
    chance, found = random.Random(seed), list[Seen]()  # noqa: S311
    async with connected(address) as socket_:
        while time.perf_counter() < until:
            page = chance.choice(PAGES)
            try:
                found.append(await open_page(socket_, page, queries.get(page, "")))
            except Exception as error:
                found.append(Seen(page, 60.0, 60.0, trouble=repr(error)))
                return found
            await asyncio.sleep(chance.uniform(0.5, 3))
    return found


def connected(address: str) -> Any:
    return websockets.connect(
        f"ws://{address}/_stcore/stream",
        max_size=None,
        subprotocols=[websockets.Subprotocol("streamlit")],
        origin=Origin(f"http://{address}"),
    )


async def publish(paths: Paths, until: float) -> int:
    """Publish the build database again and again; returns how often."""
    releases, count = Releases(paths.releases), 0
    info = releases.resolve().info()
    info = {k: info[k] for k in ("fingerprint", "evaluation_date", "bureau_name", "is_demo")}
    while time.perf_counter() < until:
        await asyncio.to_thread(releases.publish, paths.warehouse, info, comments(), macros=provenance_macros())
        count += 1
        await asyncio.sleep(PUBLISH_EVERY)
    return count


async def warm(address: str, queries: dict[str, str]) -> dict[str, list[float]]:
    """Milliseconds of each page for one viewer, the first opening left out."""
    found: dict[str, list[float]] = {page: [] for page in PAGES}
    async with connected(address) as socket_:
        for repeat in range(REPEATS + 1):
            for page in PAGES:
                seen = await open_page(socket_, page, queries.get(page, ""))
                if seen.trouble:
                    raise RuntimeError(f"{page}: {seen.trouble}")
                if repeat:
                    found[page].append(seen.seconds * 1000)
    return found


@contextmanager
def served(home: Path):
    """The dashboard of a home, on a free port; yields host:port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT_ROOT / "app" / "streamlit_app.py"),
               "--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true",
               "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"]  # fmt: skip
    env = os.environ | {"DUBAN_HOME": str(home)}  # noqa: TID251 - told to the child, not read
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(240):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                break
            time.sleep(0.25)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def subjects(paths: Paths) -> dict[str, str]:
    """Query strings of the pages that speak of one thing."""
    with connect(Releases(paths.releases).resolve()) as con:
        sql = "select commitment_id from marts.fct_attainment_bounds order by unreported_count desc, 1 limit 1"
        row = con.execute(sql).fetchone()
    return {"commitment": f"commitment={row[0]}" if row else ""}


async def watched(paths: Paths, address: str, viewers: int, seconds: int) -> tuple[dict, list[Seen], int]:
    queries = subjects(paths)
    alone = await warm(address, queries)
    until = time.perf_counter() + seconds
    visits = [visit(address, queries, until, seed) for seed in range(viewers)]
    viewing = asyncio.gather(*visits)
    published = await publish(paths, until)
    return alone, [seen for one in await viewing for seen in one], published


def main() -> int:
    viewers, seconds = (int(sys.argv[i]) if len(sys.argv) > i else d for i, d in ((1, VIEWERS), (2, SECONDS)))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        left_out = shutil.ignore_patterns("inbox", "dagster", "arrivals")
        shutil.copytree(load_settings().paths.home, home, symlinks=True, ignore=left_out)
        with served(home) as address:
            alone, seen, published = asyncio.run(watched(Paths(home, None), address, viewers, seconds))
    is_quick = say_warm(alone)
    return 0 if say_watched(seen, viewers, seconds, published) and is_quick else 1


def say_warm(alone: dict[str, list[float]]) -> bool:
    """Print the times of one viewer; whether they keep the limit."""
    times = sorted(ms for found in alone.values() for ms in found)
    p95, middle = percentile(times), {page: statistics.median(found) for page, found in alone.items()}
    slowest = max(middle, key=lambda page: middle[page])
    say(
        f"viewers: a warm page for one viewer: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms"
        f" (limit {LIMIT_WARM_MS}); slowest {slowest or 'overview'}, median {middle[slowest]:.0f} ms"
    )
    return p95 <= LIMIT_WARM_MS


def say_watched(seen: list[Seen], viewers: int, seconds: int, published: int) -> bool:
    """Print what many viewers saw; whether every page opened and showed one release."""
    mixed = [one for one in seen if len(one.releases) != 1]
    troubles = [one for one in seen if one.trouble]
    waits, paints = sorted(one.seconds for one in seen), sorted(one.first_paint for one in seen)
    releases = set().union(*(one.releases for one in seen))
    say(
        f"  {viewers} viewers, {seconds} s, {published} publishes: {len(seen)} pages of {len(releases)} releases,"
        f" {len(troubles)} failed, {len(mixed)} without exactly one release;"
        f" first paint median {statistics.median(paints):.2f} s, p95 {percentile(paints):.2f} s"
        f" (limit {LIMIT_PAINT_SECONDS:.0f}); whole page median {statistics.median(waits):.2f} s,"
        f" p95 {percentile(waits):.2f} s"
    )
    for one in [*troubles, *mixed][:5]:
        say(f"    {one.page or 'overview'} {sorted(one.releases)} {one.trouble}")
    return not mixed and not troubles and percentile(paints) <= LIMIT_PAINT_SECONDS


def percentile(ordered: list[float]) -> float:
    return ordered[int(len(ordered) * 0.95)]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
