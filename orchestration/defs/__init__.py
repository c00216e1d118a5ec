"""Dagster definitions, a module a part of the data's way. Thin on purpose: what an asset does lives in ingestion/."""
