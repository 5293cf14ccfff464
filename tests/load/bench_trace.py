"""A lot followed through eight stages where a million lots are on record: the regulator's page, and the owner's.

Each lot of a stage is made from two of the stage before, a third of them another's, and goes into two of the next: back from
the last stage stand up to 254 lots, and as many onward from the first. Every lot is sold or consumed as well, so that
there are two lines for each. ``LOTS=`` and ``ROUNDS=`` measure with less.
"""

from __future__ import annotations

import json
import os
import secrets
from typing import Any

from tests.browser.stack import fresh_database
from tests.load.asking import Hand, milliseconds
from tests.load.prepared import on_new_database
from tests.load.serving import gunicorn
from tests.servers import WEB, Postgresql, as_role, start_redis

STAGES, ENTERPRISES = 8, 400
LOTS, ROUNDS = int(os.environ.get("LOTS", "1000000")), int(os.environ.get("ROUNDS", "150"))
# Lot ``n`` of stage ``s`` is made in month ``s`` by enterprise ``(n + s) % ENTERPRISES``, from lots n and (7 n + s) of the stage before.
_FILL = """
INSERT INTO accounts_organisation (kind, state, uscc, name_zh, name_en, activities, province, capacity_decimals, separate_signer, reports_from)
  SELECT 'enterprise', 'active', '91330201MB' || lpad(n::text, 8, '0'), '企业' || n, 'Works ' || lpad(n::text, 5, '0'), 'magnet', '', 0, true, 24300
  FROM generate_series(0, %(owners)s - 1) n;
CREATE TEMPORARY TABLE owner AS SELECT id, uscc, substr(uscc, 11)::int AS place FROM accounts_organisation WHERE uscc LIKE '91330201MB%%';
INSERT INTO registry_product (organisation_id, code, name, stage, family, hs_code, grade, processing_level, partners, assay_rel_uncertainty_pct)
  SELECT id, 'P', 'Goods', 'magnet', 'ndfeb', '', '', '', '', 1 FROM owner;
INSERT INTO registry_counterparty (organisation_id, code, name, name_local, country, id_type, id_number, address, city, end_use, end_user_name, end_user_country)
  SELECT id, 'C', 'Client', '', 'DE', '', '', '', '', '', '', '' FROM owner;
INSERT INTO reporting_filing (organisation_id, period, version, status, nil, amendment_reason, source, revision, line_count, created_at, submitted_at, sha256, decision_reason)
  SELECT id, 24300 + stage, 1, 'accepted', false, '', 'load', 0, 2 * %(lots)s / %(stages)s / %(owners)s, now(), now(), '', ''
  FROM owner, generate_series(1, %(stages)s) stage;
CREATE TEMPORARY TABLE made AS
  SELECT f.id AS filing_id, o.id AS owner_id, n, stage, 2 * (n / %(owners)s) + 1 AS line_no, 'S' || stage || '-' || n AS batch,
         n AS one, (7 * n + stage) %% (%(lots)s / %(stages)s) AS other
  FROM generate_series(1, %(stages)s) stage, generate_series(0, %(lots)s / %(stages)s - 1) n
  JOIN owner o ON true JOIN reporting_filing f ON f.organisation_id = o.id
  WHERE o.place = (n + stage) %% %(owners)s AND f.period = 24300 + stage;
CREATE TEMPORARY TABLE source AS
  SELECT m.filing_id, m.line_no, m.batch, v.place, 'S' || (m.stage - 1) || '-' || source AS lot, s.id = m.owner_id AS own, s.uscc
  FROM made m, LATERAL (VALUES (0, m.one), (1, m.other)) v (place, source)
  JOIN owner s ON true WHERE m.stage > 1 AND s.place = (source + m.stage - 1) %% %(owners)s;
INSERT INTO reporting_filedsource (filing_id, line_no, place, batch, source_uscc, source_batch, quantity_g)
  SELECT filing_id, line_no, place, batch, CASE WHEN own THEN '' ELSE uscc END, lot, 500000 FROM source;
INSERT INTO reporting_line (filing_id, line_no, kind, product_id, quantity_g, quantity_dp, destination, licence_no, declaration_no, invoice_no, batch, from_batches, note)
  SELECT m.filing_id, m.line_no, 2, p.id, 1000000, 1, '', '', '', '', m.batch, coalesce(s.said, ''), ''
  FROM made m JOIN registry_product p ON p.organisation_id = m.owner_id
  LEFT JOIN (SELECT filing_id, line_no, string_agg(CASE WHEN own THEN '' ELSE uscc || '/' END || lot || ':500', ';') AS said
             FROM source GROUP BY 1, 2) s USING (filing_id, line_no);
INSERT INTO reporting_line (filing_id, line_no, kind, product_id, counterparty_id, quantity_g, quantity_dp, destination, licence_no, declaration_no, invoice_no, batch, from_batches, note)
  SELECT m.filing_id, m.line_no + 1, 9, p.id, c.id, 10000, 1, '', '', '', 'V-' || n, m.batch, '', ''
  FROM made m JOIN registry_product p ON p.organisation_id = m.owner_id JOIN registry_counterparty c ON c.organisation_id = m.owner_id;
"""
PREPARE = """
import json
from django.db import connection
from portal.accounts.models import Organisation
from portal.accounts.roles import Kind
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.load.bench_trace import fill
with connection.cursor() as cursor:
    stored = fill(cursor, {lots})
office = factories.organisation(None, "Rare Earth Office", kind=Kind.REGULATOR)
dora = with_second_factor(factories.user("dora", (office, "reviewer")))
alma = factories.user("alma", (Organisation.objects.get(name_en="Works 00008"), "preparer"))
people = {{"office": dora, "owner": alma}}
print("READY", json.dumps({{"stored": stored, "sessions": {{name: signed_in(who).cookies["sessionid"].value for name, who in people.items()}}}}))
"""


def fill(cursor: Any, lots: int) -> dict[str, int]:
    """So many lots with their lines and threads; how many of each there are."""
    values = {"lots": lots, "stages": STAGES, "owners": ENTERPRISES}
    cursor.execute("SET session_replication_role = replica")
    for statement in filter(str.strip, _FILL.split(";\n")):
        cursor.execute(statement, values)
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("VACUUM (ANALYZE)")
    cursor.execute("SELECT count(DISTINCT batch), count(*) FROM reporting_line")
    found, lines = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM reporting_filedsource")
    return {"lots": found, "lines": lines, "threads": cursor.fetchone()[0]}


def measure() -> dict[str, Any]:
    """Milliseconds of the page, from the last stage back and from the first onward; another lot each time."""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)  # who is signed in before it starts stays signed in
    server = Postgresql("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=1h")
    server.start()
    url = fresh_database(server.url, "lodestone")
    ready = json.loads(on_new_database(url, PREPARE.format(lots=LOTS)).split("READY ")[1])
    figures: dict[str, Any] = {"stages": STAGES, "enterprises": ENTERPRISES, **ready["stored"]}
    with gunicorn(as_role(url, WEB), start_redis(), workers=1) as address:
        office = Hand(address, session=ready["sessions"]["office"])
        owner = Hand(address, session=ready["sessions"]["owner"])
        figures["back from the last stage"] = _asked(office, "/supervision/lots/", STAGES, 1)
        figures["onward from the first stage"] = _asked(office, "/supervision/lots/", 1, 1)
        # the lots of the eighth enterprise's last stage: its own
        figures["the owner's page"] = _asked(owner, "/lots/", STAGES, ENTERPRISES)
    return figures


def _asked(hand: Hand, path: str, stage: int, every: int) -> dict[str, Any]:
    """Lots spread over the stage; with ``every`` those of the enterprise whose first is number 0."""
    width = LOTS // STAGES
    times, shown = [], 0
    for turn in range(ROUNDS + 3):
        number = (turn * 7919 * every) % width if every == 1 else (turn * 37 % (width // every)) * every
        took, content = hand.ask(f"{path}?lot=S{stage}-{number}")
        shown = max(shown, content.count(b'data-label="Step"'))
        if turn >= 3:
            times.append(took)
    return milliseconds(times) | {"lots shown, at most": shown}
