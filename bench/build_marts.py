"""What building the marts costs, against dbt itself: the project over a home, and a project that computes nothing.

The peer has 15 models and 30 tests of `select 1`, so that it costs what dbt costs on this machine: 0.9 s where a build
of the sample may take 6 s. Each is built twice in this process and the second counts (parsing is kept between them).
Exits with 1 past the limit. CPU is what to compare on a busy machine. The home must have been refreshed once; its build
database is written, its releases are not.

    DUBAN_HOME=/some/home python -m bench.build_marts
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingestion.config.loader import load_config
from ingestion.evaluation import resolve_evaluation_date
from ingestion.landing import Landing
from ingestion.locks import writer_lock
from ingestion.releases import Releases
from ingestion.settings import load_settings
from orchestration.dbt_runs import DbtNode, dbt
from orchestration.warehouse import build_marts

DEAREST = 8
LIMIT = 6.0 / 0.9
MODELS = 15
PEER_PROJECT = "name: peer\nversion: '1.0'\nconfig-version: 2\nprofile: peer\nmodels: {+materialized: table}\n"
PEER_PROFILE = "peer: {{target: local, outputs: {{local: {{type: duckdb, path: '{path}', threads: 2}}}}}}\n"


def main() -> int:
    settings = load_settings()
    paths = settings.paths
    day = resolve_evaluation_date("", settings, load_config(paths.config).bureau)
    with writer_lock(paths.locks, "bench"):
        build = lambda: build_marts(paths, Landing(paths.landing), Releases(paths.releases), day, whole=True)  # noqa: E731
        _timed("the marts, first", build)
        spent, nodes = _timed("the marts, second", build)
    _describe(nodes)
    ratio = spent / _peer_seconds()
    say(f"a build of the marts takes {ratio:.1f} times the peer's (limit {LIMIT:.1f})")
    return ratio > LIMIT


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _timed(what: str, build: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    wall, cpu = time.perf_counter(), time.process_time()
    nodes = build()
    spent = time.perf_counter() - wall
    say(f"{what}: {len(nodes)} nodes, {spent:.1f} s wall, {time.process_time() - cpu:.1f} s CPU")
    return spent, nodes


def _peer_seconds() -> float:
    """Wall seconds of the second build of the peer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "models").mkdir()
        (folder / "dbt_project.yml").write_text(PEER_PROJECT, "utf-8")
        (folder / "profiles.yml").write_text(PEER_PROFILE.format(path=folder / "peer.duckdb"), "utf-8")
        checked = "columns: [{name: a, data_tests: [not_null, unique]}]"
        listed = "".join(f"  - {{name: m{n}, {checked}}}\n" for n in range(MODELS))
        (folder / "models" / "m.yml").write_text(f"models:\n{listed}", "utf-8")
        for n in range(MODELS):
            before = f"{{{{ ref('m{n - 5}') }}}}" if n >= 5 else "(select 1 as a)"
            (folder / "models" / f"m{n}.sql").write_text(f"select a from {before} as t", "utf-8")
        options = ["--project-dir", name, "--profiles-dir", name, "--log-level", "none", "--no-version-check"]
        paths = load_settings().paths

        def build(manifest: Any) -> list[Any]:
            with dbt(paths, manifest) as invoke:
                return list(invoke(["build", *options, "--no-write-json"]).result.results)

        with dbt(paths) as invoke:
            manifest = invoke(["parse", *options]).result
        _timed("the peer, first", lambda: build(manifest))
        return _timed("the peer, second", lambda: build(manifest))[0]


def _describe(nodes: list[DbtNode]) -> None:
    seconds: defaultdict[str, float] = defaultdict(float)
    for node in nodes:
        seconds[node.resource_type] += node.seconds
    say(", ".join(f"{kind} {spent:.1f} s" for kind, spent in seconds.items()))
    for node in sorted(nodes, key=lambda n: -n.seconds)[:DEAREST]:
        say(f"  {node.seconds:6.2f} s  {node.name}")


if __name__ == "__main__":
    sys.exit(main())
