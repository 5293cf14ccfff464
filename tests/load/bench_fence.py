"""What the second fence costs: the same statements as the owner, whom it does not bind, and as the web's role.

300 enterprises with 36 months of 50 lines, and one filing of 50,000 lines. Medians of pairs taken in turn.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2

from tests.load.bench_nation import ROOT
from tests.servers import WEB, make_roles, start_postgresql

PAIRS = 9
ENTERPRISES, MONTHS, LINES, MANY = 300, 36, 50, 50_000
FILL = f"""
INSERT INTO accounts_organisation (kind, state, uscc, name_zh, name_en, activities, province, capacity_decimals, separate_signer)
  SELECT 'enterprise', 'active', 'U' || n, '', 'E' || n, '', '', 0, true FROM generate_series(1, {ENTERPRISES}) n;
INSERT INTO registry_product (organisation_id, code, name, stage, family, hs_code, grade, processing_level, partners, assay_rel_uncertainty_pct)
  SELECT id, 'P', 'P', 'magnet', '', '', '', '', '', 1 FROM accounts_organisation;
INSERT INTO reporting_filing (organisation_id, period, version, status, nil, amendment_reason, source, revision, line_count, created_at, sha256, decision_reason)
  SELECT o.id, 24000 + m, 1, 'draft', false, '', 'load', 0, {LINES}, now(), '', '' FROM accounts_organisation o, generate_series(1, {MONTHS}) m;
INSERT INTO reporting_line (filing_id, line_no, kind, product_id, quantity_g, quantity_dp, destination, licence_no, declaration_no, invoice_no, batch, from_batches, note)
  SELECT f.id, n, 2 + n % 12, p.id, 1000 * n, 3, '', '', '', '', '', '', '' FROM reporting_filing f
  JOIN registry_product p USING (organisation_id), generate_series(1, CASE WHEN f.id = (SELECT max(id) FROM reporting_filing) THEN {MANY} ELSE {LINES} END) n;
ANALYZE;
"""
NAMES = "filing_id, line_no, kind, quantity_g, quantity_dp, destination, licence_no, declaration_no, invoice_no, batch, from_batches, note"


def measure() -> dict[str, Any]:
    """Milliseconds of each statement without and with the fence, and their ratio."""
    url = start_postgresql()
    make_roles(url)
    with tempfile.TemporaryDirectory(prefix="lodestone-bench-") as var:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "LODESTONE_VAR": var,
            "LODESTONE_MODE": "test",
            "REDIS_URL": "",
        }
        for command in (("migrate", "--verbosity", "0"), ("fence",)):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
            )
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(FILL)
        connection.commit()
        cursor.execute("SELECT id, organisation_id FROM reporting_filing ORDER BY id DESC LIMIT 1")
        filing, organisation = cursor.fetchone()
        figures = {
            name: _pair(connection, act, organisation, office)
            for name, office, act in _work(filing, organisation)
        }
    return {"enterprises": ENTERPRISES, "lines": ENTERPRISES * MONTHS * LINES - LINES + MANY, **figures}


def _work(filing: int, organisation: int) -> list[tuple[str, str, Callable[[Any], None]]]:
    many = f"FROM reporting_line WHERE filing_id = {filing}"
    return [
        ("page_of_200_lines_of_50000", "", _reads(f"SELECT * {many} AND line_no > 40000 ORDER BY line_no LIMIT 200")),
        ("all_50000_lines", "", _reads(f"SELECT * {many} ORDER BY line_no")),
        ("sums_of_50000_lines", "", _reads(f"SELECT kind, sum(quantity_g) {many} GROUP BY kind")),
        ("filings_of_one_organisation", "", _reads(f"SELECT * FROM reporting_filing WHERE organisation_id = {organisation}")),
        ("sums_of_all_lines_by_the_regulator", "regulator", _reads("SELECT kind, sum(quantity_g) FROM reporting_line GROUP BY kind")),
        ("storing_50000_lines", "", lambda cursor: _store(cursor, filing)),
    ]  # fmt: skip


def _reads(statement: str) -> Callable[[Any], None]:
    def act(cursor: Any) -> None:
        cursor.execute(statement)
        cursor.fetchall()

    return act


def _store(cursor: Any, filing: int) -> None:
    """As ``reporting.services.lines`` does it: COPY, or COPY into a table of one's own and from there."""
    body = io.StringIO("".join(f"{filing}\t{100_000 + n}\t9\t1000\t3" + "\t" * 7 + "\n" for n in range(MANY)))
    cursor.execute("SELECT row_security_active('reporting_line')")
    if not cursor.fetchone()[0]:
        cursor.copy_expert(f"COPY reporting_line ({NAMES}) FROM STDIN", body)
        return
    cursor.execute(
        f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {NAMES} FROM reporting_line LIMIT 0"
    )
    cursor.copy_expert(f"COPY incoming ({NAMES}) FROM STDIN", body)
    cursor.execute(f"INSERT INTO reporting_line ({NAMES}) SELECT {NAMES} FROM incoming")


def _pair(connection: Any, act: Callable[[Any], None], organisation: int, office: str) -> dict[str, float]:
    open_times, fenced_times = [], []
    for _ in range(PAIRS):
        open_times.append(_time(connection, act, "", []))
        told = [WEB, str(organisation) if not office else "", office]
        fenced_times.append(_time(connection, act, "SELECT set_config('role', %s, true), set_config('lodestone.organisation', %s, true), set_config('lodestone.office', %s, true)", told))  # fmt: skip
    without, fenced = statistics.median(open_times), statistics.median(fenced_times)
    return {"without_ms": without * 1000, "fenced_ms": fenced * 1000, "ratio": fenced / without}


def _time(connection: Any, act: Callable[[Any], None], before: str, values: list[str]) -> float:
    with connection.cursor() as cursor:
        if before:
            cursor.execute(before, values)
        start = time.perf_counter()
        act(cursor)
        seconds = time.perf_counter() - start
    connection.rollback()
    return seconds
