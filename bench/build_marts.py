"""What building the marts costs: dbt over the build database of a home, twice in one process.

Prints wall and CPU seconds of a first and a second build (parsing is kept between them) and the dearest models. CPU
is what to compare on a busy machine. The home must have been refreshed once; its build database is written, its
releases are not.

    DUBAN_HOME=/some/home python -m bench.build_marts
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

from ingestion.config.loader import load_config
from ingestion.evaluation import resolve_evaluation_date
from ingestion.landing import Landing
from ingestion.locks import writer_lock
from ingestion.releases import Releases
from ingestion.settings import load_settings
from orchestration.dbt_runs import DbtNode
from orchestration.warehouse import build_marts

DEAREST = 8


def main() -> None:
    settings = load_settings()
    paths = settings.paths
    day = resolve_evaluation_date("", settings, load_config(paths.config).bureau)
    nodes: list[DbtNode] = []
    with writer_lock(paths.locks, "bench"):
        for number in ("first", "second"):
            wall, cpu = time.perf_counter(), time.process_time()
            nodes = build_marts(paths, Landing(paths.landing), Releases(paths.releases), day, whole=True)
            spent = time.perf_counter() - wall, time.process_time() - cpu
            say(f"{number} build: {len(nodes)} nodes, {spent[0]:.1f} s wall, {spent[1]:.1f} s CPU")
    _describe(nodes)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _describe(nodes: list[DbtNode]) -> None:
    seconds: defaultdict[str, float] = defaultdict(float)
    for node in nodes:
        seconds[node.resource_type] += node.seconds
    say(", ".join(f"{kind} {spent:.1f} s" for kind, spent in seconds.items()))
    for node in sorted(nodes, key=lambda n: -n.seconds)[:DEAREST]:
        say(f"  {node.seconds:6.2f} s  {node.name}")


if __name__ == "__main__":
    main()
