"""What `duban` imports, imported once: the process of which the tests fork their commands has read this, no more.

Importing starts no work and no pool of threads, so that a fork of it is a process as good as new.
"""

import gc
import importlib

for name in (
    "dbt.adapters.duckdb.connections",
    "dbt.cli.main",
    "great_expectations",
    "openpyxl",
    "ingestion.gates.suites",
    "orchestration.acts_refresh",
    "orchestration.cli",
    "orchestration.corrections",
    "orchestration.definitions",
    "orchestration.history",
    "orchestration.refreshing",
    "orchestration.reporting",
    "orchestration.summary",
    "orchestration.tracing",
):
    importlib.import_module(name)

gc.collect()
gc.freeze()  # no collection of a child walks over what is here, which would copy it
