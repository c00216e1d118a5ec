"""Marts over many values, against hand-written SQL that reads the same landing and makes the same two facts.

The landing of a refreshed home is taken as it is; schools that report month after month are generated straight into
it, 200 elements a month: the 17 of the monthly school form, on which cards rest, and a wide form that nobody measures
by. Prints wall and processor seconds and peak memory of each, in its own process, and whether the facts are equal.

    python -m bench.marts_at_scale [SCHOOLS]      (3,000 schools are 7.2 M values, 42,000 are 100.8 M)
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from ingestion.durable import replace_json
from ingestion.landing import Landing
from ingestion.releases import Releases
from ingestion.settings import Paths, load_settings
from ingestion.tables import TABLES

LIMIT, MEMORY_LIMIT_MB = 1.5, 4096
DAY = date(2020, 10, 20)
SCHOOLS, MONTHS, WIDE = 3000, 12, 183
# files and schools of the sample are numbered below these
FIRST_FILE, FIRST_SCHOOL = 1_000_000, 7_000_000_000
PART = "bench"
CARDS = ("sc_art_skills_per_pupil", "sc_equipment_per_pupil", "sc_large_classes_pct", "sc_sport_skills_per_pupil")
FACTS = {
    "fct_actuals": "form_code, reporter_code, region_code, period_start_date, record_key, element_code, value_number,"
    " value_text, missing_reason, raw_text, file_id, sheet_no, row_no, column_no",
    "fct_indicator_values": "indicator_code, region_code, period_start_date, numerator, denominator",
}
HAND_WRITTEN = """
create schema marts;
create table marts.fct_actuals as
    select
        cells.form_code, cells.reporter_code, submissions.region_code, cells.period_start_date, record_key,
        element_code, value_number, value_text, missing_reason, raw_text, cells.file_id, sheet_no, row_no, column_no
    from raw.forms__values as cells
    inner join raw.forms__submissions as submissions using (file_id, form_code, reporter_code, period_start_date)
    where submissions.is_current and submissions.submission_state not in ('隔离', '免报', '空表');
create table marts.fct_indicator_values as
    with recursive reports as (
        select
            cards.indicator_code, reporter_code, period_start_date, cards.stages,
            sum(value_number) filter (where term_role = 'numerator') as n,
            sum(value_number) filter (where term_role = 'denominator') as d
        from marts.fct_actuals
        inner join raw.config__indicators as cards on form_code = source_form
        inner join raw.config__indicator_terms as terms using (indicator_code, element_code)
        where value_number is not null and period_start_date <= date '2020-10-20'
        group by all
        having n is not null and d is not null
    ),
    standing as (
        select *, lead(period_start_date, 1, date '9999-01-01') over (
            partition by indicator_code, reporter_code order by period_start_date) as until_date
        from reports
    ),
    above as (
        select region_code, region_code as ancestor from raw.config__regions
        union all
        select above.region_code, regions.parent_region_code
        from above inner join raw.config__regions as regions on above.ancestor = regions.region_code
        where regions.parent_region_code is not null
    ),
    months as (select cast(range as date) as month from range(date '2019-01-01', date '2020-11-01', interval 1 month))
    select
        indicator_code, ancestor as region_code, month as period_start_date,
        cast(sum(n) as decimal(24, 6)) as numerator, cast(sum(d) as decimal(24, 6)) as denominator
    from standing
    inner join raw.config__schools as schools
        on reporter_code = school_code and '|' || standing.stages || '|' like '%|' || stage || '|%'
    inner join above on schools.region_code = above.region_code
    inner join months on month >= standing.period_start_date and month < until_date
        and coalesce(opened_date <= last_day(month), true) and coalesce(closed_date > last_day(month), true)
    group by all;
"""


def generate(landing: Landing, schools: int) -> int:
    """Add the schools and their reports to the landing; returns the number of values in it."""
    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false; set memory_limit = '3GB'")
    landing.register_views(con)
    con.execute(f"""
        create table schools as
        with counties as (
            select region_code, row_number() over (order by region_code) - 1 as n, count(*) over () as counties
            from raw.config__regions where region_level = '区县'
        )
        select range as n, cast({FIRST_SCHOOL} + range as varchar) as code, counties.region_code
        from range({schools}) inner join counties on range % counties.counties = counties.n
    """)
    con.execute(f"""
        create table reports as
        select
            cast({FIRST_FILE} + n * {MONTHS} + month.range as integer) as file_id,
            code, region_code, n, month.range as m,
            cast(date '2019-10-01' + to_months(cast(month.range as integer)) as date) as period_start_date
        from schools cross join range({MONTHS}) as month
    """)
    con.execute(f"""
        create table elements as
        select
            'basic' as form_code, element_code,
            cast(row_number() over (order by element_code) as integer) as column_no
        from raw.forms__elements where form_code = 'basic'
        union all
        select 'wide', 'e' || range, cast(range + 1 as integer) from range({WIDE})
    """)
    cards = landing.read("config__indicators").filter(pl.col("indicator_code").is_in(CARDS))
    landing.replace("config__indicators", cards, part=_part(landing, "config__indicators"))
    _add_small(con, landing)
    _add_values(con, landing)
    return con.execute("select count(*) from elements").fetchall()[0][0] * schools * MONTHS


def _add_small(con: duckdb.DuckDBPyConnection, landing: Landing) -> None:
    """All but the values: through the landing, as everything goes."""
    frames = {
        "config__schools": """
            select * replace (
                schools.code as school_code, '压力' || schools.n as school_name, schools.region_code as region_code,
                '小学' as stage, '公办' as sector, date '2000-09-01' as opened_date, null as closed_date,
                null as aliases
            )
            from schools cross join (select * from raw.config__schools limit 1)""",
        "forms__elements": """
            select 'wide' as form_code, element_code, '指标' || element_code as element_name, 'integer' as data_type,
                '' as unit, 'stock' as behaviour, false as is_key
            from elements where form_code = 'wide'""",
        "forms__forms": "select * replace ('wide' as form_code) from raw.forms__forms where form_code = 'basic'",
        "intake__files": """
            select * replace (
                reports.file_id as file_id, md5(cast(reports.file_id as varchar)) as sha256, 'basic' as form_code
            )
            from reports cross join (select * from raw.intake__files where form_code = 'basic' limit 1)""",
        "forms__submissions": """
            select * replace (
                reports.file_id as file_id, forms.form_code as form_code, code as reporter_code,
                reports.region_code as region_code, reports.period_start_date as period_start_date,
                cast(last_day(reports.period_start_date) + 5 as timestamp) as received_at
            )
            from reports
            cross join (select distinct form_code from elements) as forms
            cross join (
                select * from raw.forms__submissions
                where form_code = 'basic' and submission_state = '已收' and is_current limit 1
            )""",
        "forms__sheets": """
            select reports.file_id, cast(case form_code when 'basic' then 1 else 2 end as integer) as sheet_no,
                form_code as sheet_name, false as is_hidden, cast(cells as bigint) as cells_received,
                cast(cells as bigint) as cells_loaded, cast(0 as bigint) as cells_quarantined,
                cast(0 as bigint) as cells_ignored
            from reports cross join (select form_code, count(*) as cells from elements group by form_code)""",
    }  # fmt: skip
    with landing.transaction() as transaction:
        for table, query in frames.items():
            rows = pl.DataFrame(con.sql(query).to_arrow_table())
            transaction.append(table, rows.select(pl.col(c).cast(t) for c, t in TABLES[table].items()), part=PART)


def _add_values(con: duckdb.DuckDBPyConnection, landing: Landing) -> None:
    """The values, written by the engine as the landing lays them out: a file a period and region."""
    folder = landing.root / "forms__values"
    con.execute(f"""
        copy (
            select
                file_id, cast(case form_code when 'basic' then 1 else 2 end as integer) as sheet_no,
                cast(4 as integer) as row_no, column_no, form_code, code as reporter_code, period_start_date,
                '' as record_key, element_code,
                case when element_code not in ('school_code', 'school_name')
                    then cast(200 + (n * 7 + column_no * 13 + m) % 900 as decimal(24, 6)) end as value_number,
                case when element_code in ('school_code', 'school_name') then code end as value_text,
                cast(null as varchar) as missing_reason,
                cast(200 + (n * 7 + column_no * 13 + m) % 900 as varchar) as raw_text,
                period_start_date as period, region_code as region
            from reports cross join elements
        ) to '{folder}' (format parquet, compression zstd, partition_by (period, region),
            filename_pattern '{PART}_{{i}}', overwrite_or_ignore true)
    """)
    manifest = landing.manifest()
    for path in sorted(folder.rglob(f"{PART}_*.parquet")):
        rows = con.execute("select sum(num_rows) from parquet_file_metadata(?)", [str(path)]).fetchall()[0][0]
        entry = {"path": str(path.relative_to(landing.root)), "part": PART, "rows": int(rows), "sums": [0, 0]}
        manifest["tables"]["forms__values"].append(entry)
    replace_json(landing.manifest_path, manifest)


def _part(landing: Landing, table: str) -> str:
    return landing.manifest()["tables"][table][0]["part"]


def by_models(paths: Paths) -> float:
    """Seconds of wall that dbt takes for the facts and what they rest on."""
    from orchestration.dbt_runs import failed_audit, parsed_manifest, run_build
    from orchestration.warehouse import register_raw

    parsed_manifest(paths)
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(paths.warehouse)) as con:
        register_raw(con, Landing(paths.landing), Releases(paths.releases), DAY)
    started = time.perf_counter()
    nodes = run_build(paths, [f"+{name}" for name in FACTS], resources=["model"])
    if bad := failed_audit(nodes):
        raise RuntimeError(bad)
    return time.perf_counter() - started


def by_hand(paths: Paths) -> float:
    """The same for the SQL above."""
    settings = {"memory_limit": "3GB", "threads": 2, "preserve_insertion_order": "false"}
    with duckdb.connect(str(paths.warehouse.with_name("hand.duckdb")), config=settings) as con:
        con.execute("set enable_progress_bar = false")
        Landing(paths.landing).register_views(con)
        started = time.perf_counter()
        con.execute(HAND_WRITTEN)
        return time.perf_counter() - started


def differing(paths: Paths) -> dict[str, int]:
    """Rows of each fact that one way has and the other has not."""
    found = {}
    with duckdb.connect(config={"memory_limit": "3GB", "threads": 2}) as con:
        con.execute(f"attach '{paths.warehouse}' as models (read_only)")
        con.execute(f"attach '{paths.warehouse.with_name('hand.duckdb')}' as hand (read_only)")
        for name, columns in FACTS.items():
            # sums of row hashes of a table: an EXCEPT of a hundred million rows would cost more than the bench
            sides = [
                con.execute(f"select count(*), sum(hash({columns})) from {side}.marts.{name}").fetchall()
                for side in ("models", "hand")
            ]
            found[name] = 0 if sides[0] == sides[1] else abs(sides[0][0][0] - sides[1][0][0]) or 1
    return found


def measured(way: str, home: Path) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and peak MB of one way, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.marts_at_scale", way, str(home)], check=True, stdout=subprocess.PIPE, text=True
    )
    wall, processor, memory = done.stdout.split()[-3:]
    return float(wall), float(processor), int(memory)


def main() -> int:
    if sys.argv[1:] and sys.argv[1] in {"by_models", "by_hand"}:
        wall = globals()[sys.argv[1]](Paths(Path(sys.argv[2]), None))
        used = resource.getrusage(resource.RUSAGE_SELF)
        sys.stdout.write(f"{wall:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss // 1024}\n")
        return 0
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else SCHOOLS
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder), None)
        shutil.copytree(load_settings().paths.landing, paths.landing)
        values = generate(Landing(paths.landing), schools)
        models, hand = measured("by_models", paths.home), measured("by_hand", paths.home)
        differs = differing(paths)
    ratio = models[0] / hand[0]
    for name, (wall, processor, memory) in {"models": models, "hand-written": hand}.items():
        sys.stdout.write(
            f"marts_at_scale: {name:12} {values:,} values: {wall:.1f} s wall, {processor:.1f} s CPU, {memory} MB\n"
        )
    sys.stdout.write(f"  ratio {ratio:.2f} (limit {LIMIT}); rows that differ {differs}\n")
    return 0 if ratio <= LIMIT and max(models[2], hand[2]) <= MEMORY_LIMIT_MB and not any(differs.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
