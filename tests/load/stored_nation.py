"""A nation of any number of lines in the database, put there by statements that make all rows at once.

Every row is one that the portal could have stored: three years of months, each filed, reviewed and accepted, but the last, that
waits for review; an amendment and a missing month here and there; findings in every state; questions; cases. The
triggers that guard single changes are asleep meanwhile: nothing here changes what was submitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MONTHS = 36
NATION = 3_000  # enterprises of the largest
LARGEST = 5_000_000  # its lines
FEWEST = 60  # so that every list has more than a page


@dataclass(frozen=True)
class Size:
    """How many enterprises, and how many lines each files a month."""

    enterprises: int
    lines: int

    @classmethod
    def of(cls, lines: int) -> Size:
        enterprises = max(FEWEST, lines * NATION // LARGEST)
        return cls(enterprises, max(4, round(lines / (enterprises * MONTHS))))


# The latest month is the one that ended last: it waits for review where it was filed.
_STATEMENTS = """
INSERT INTO accounts_organisation (kind, state, uscc, name_zh, name_en, activities, province, capacity_decimals, separate_signer, reports_from)
  SELECT 'enterprise', 'active', '91330201MB' || lpad(n::text, 8, '0'), '企业' || n, 'Works ' || lpad(n::text, 5, '0'), 'magnet', '', 0, true, %(last)s - %(months)s + 1
  FROM generate_series(1, %(enterprises)s) n;
INSERT INTO registry_product (organisation_id, code, name, stage, family, hs_code, grade, processing_level, partners, nd_pct, dy_pct, assay_rel_uncertainty_pct)
  SELECT o.id, 'P-' || n, 'Magnet ' || n, 'magnet', 'ndfeb', '8505111000', '', '', '', 23.5, 1.2, 1
  FROM accounts_organisation o, generate_series(1, 5) n WHERE o.uscc LIKE '91330201MB%%';
INSERT INTO registry_counterparty (organisation_id, code, name, name_local, country, id_type, id_number, address, city, end_use, end_user_name, end_user_country)
  SELECT o.id, 'C-' || n, 'Client ' || o.id || '-' || n, '', 'CN', '', '', '', '', '', '', ''
  FROM accounts_organisation o, generate_series(1, 20) n WHERE o.uscc LIKE '91330201MB%%';
INSERT INTO reporting_obligation (organisation_id, period, due_on, due_at, submitted_at, nil)
  SELECT o.id, period, due, due + 1, CASE WHEN (o.id + period) %% 40 = 0 THEN NULL
         WHEN (o.id * 7 + period) %% 33 = 0 THEN due + interval '3 days' ELSE due - (o.id * 7919 + period * 1047) %% 250000 * interval '1 second' END, false
  FROM accounts_organisation o, generate_series(%(last)s - %(months)s + 1, %(last)s) period,
       LATERAL (SELECT (make_date(period / 12, period %% 12 + 1, 10) + interval '1 month')::date AS due) d
  WHERE o.uscc LIKE '91330201MB%%' ORDER BY period, o.id;
INSERT INTO reporting_filing (organisation_id, period, version, status, nil, amendment_reason, source, revision, line_count, created_at, submitted_at, on_time,
                              sha256, receipt_no, decision_reason, decided_at)
  SELECT b.organisation_id, b.period, 1,
         CASE WHEN b.period = %(last)s THEN 'submitted' WHEN (b.organisation_id + b.period) %% 200 = 7 THEN 'returned' ELSE 'accepted' END,
         false, '', 'load', 0, %(lines)s, b.submitted_at, b.submitted_at, b.submitted_at <= b.due_at, md5(b.id::text) || md5(b.id::text),
         'R-' || b.id, '', CASE WHEN b.period < %(last)s THEN b.submitted_at + interval '9 days' END
  FROM reporting_obligation b WHERE b.submitted_at IS NOT NULL ORDER BY b.submitted_at;
INSERT INTO reporting_filing (organisation_id, period, version, status, nil, amendment_reason, source, revision, line_count, created_at, submitted_at, on_time,
                              sha256, receipt_no, decision_reason)
  SELECT organisation_id, period, 2, status, false, 'a number was wrong', 'load', 0, line_count, submitted_at, submitted_at + interval '2 days', on_time,
         md5(sha256) || md5(sha256), receipt_no || '-2', ''
  FROM reporting_filing WHERE version = 1 AND (organisation_id * 13 + period) %% 50 = 0;
INSERT INTO reporting_line (filing_id, line_no, kind, product_id, quantity_g, quantity_dp, value_fen, value_dp, counterparty_id, date, destination,
                            licence_no, declaration_no, invoice_no, batch, from_batches, note)
  SELECT f.id, n, CASE WHEN n %% 2 = 0 THEN 3 ELSE 9 END, p.first + n %% 5, 1000 * n, 1, 33000 * n, 2, c.first + n %% 20,
         make_date(f.period / 12, f.period %% 12 + 1, 1 + n %% 28), '', '', '', 'V-' || n, 'L-' || f.period || '-' || n, '', ''
  FROM reporting_filing f
  JOIN (SELECT organisation_id, min(id) AS first FROM registry_product GROUP BY 1) p USING (organisation_id)
  JOIN (SELECT organisation_id, min(id) AS first FROM registry_counterparty GROUP BY 1) c USING (organisation_id),
  generate_series(1, %(lines)s) n;
INSERT INTO reporting_finding (fingerprint, figures_digest, check_code, severity, queue, "case", score, organisation_id, period, first_period, filing_id, line_nos,
                               licence_no, declaration_no, subject, values, evidence, state, first_seen, last_changed, closed_at, reason, assigned_to_id)
  SELECT 'f' || f.id || '-' || n, '', (ARRAY['STK001', 'ARI002', 'YLD001'])[n], (ARRAY['warning', 'warning', 'error'])[n], (ARRAY['block', 'query', 'block'])[n],
         '', (f.id * 31 + n * 17) %% 100, f.organisation_id, f.period, f.period, f.id, '[2]', '', '', 'line:2', '{}', '{}', s.state,
         f.submitted_at + interval '1 day', f.submitted_at + interval '1 day', CASE WHEN s.state = 'closed' THEN f.submitted_at + interval '8 days' END, '',
         CASE WHEN (f.id * 3 + n) %% 500 = 1 THEN %(reviewer)s END
  FROM reporting_filing f, generate_series(1, 3) n,
       LATERAL (SELECT CASE WHEN (f.id * 3 + n) %% 100 < 60 THEN 'closed' WHEN (f.id * 3 + n) %% 100 < 80 THEN 'explained'
                WHEN (f.id * 3 + n) %% 100 < 85 THEN 'dismissed' WHEN (f.id * 3 + n) %% 100 < 90 THEN 'confirmed'
                WHEN (f.id * 3 + n) %% 100 < 93 THEN 'asked' ELSE 'open' END AS state) s;
INSERT INTO contact_question (organisation_id, subject_type, subject_id, period, line_no, check_code, text, asked_by_id, asked_at, due_on, state, closed_at)
  SELECT f.organisation_id, 'filing', f.id, f.period, 2, '', 'Why so much?', %(reviewer)s, f.submitted_at + interval '1 day', (f.submitted_at + interval '8 days')::date,
         (ARRAY['open', 'answered', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed'])[1 + f.id / 4 %% 10],
         CASE WHEN f.id / 4 %% 10 > 1 THEN f.submitted_at + interval '9 days' END
  FROM reporting_filing f WHERE f.id %% 4 = 0;
INSERT INTO contact_answer (question_id, text, by_id, at, from_regulator)
  SELECT q.id, 'So it was.', %(reviewer)s, q.asked_at + interval '2 days', false FROM contact_question q WHERE q.state <> 'open';
INSERT INTO licensing_application (organisation_id, number, status, outcome, kind, purpose, reason, end_use, destination, contract_no, customs_office, transport_mode,
                                   no_split, undertakings, revision, created_at, saved_at, submitted_at, queue, decided_at, list_version)
  SELECT b.organisation_id, 'EA-' || b.id, s.status, CASE WHEN s.status IN ('decided', 'closed') THEN 'refused' ELSE '' END, 'individual', 'new', '', 'motors', 'DE', '', '', '', false, '', 0, b.due_at, b.due_at, b.due_at,
         '', CASE WHEN s.status IN ('decided', 'closed') THEN b.due_at + interval '30 days' END, 1
  FROM reporting_obligation b, LATERAL (SELECT CASE WHEN b.id %% 6 <> 0 OR b.period < %(last)s - 6 THEN 'decided' WHEN b.id %% 2 = 0 THEN 'in_review' ELSE 'submitted' END AS status) s
  WHERE b.id %% 3 = 0;
"""


def fill(cursor: Any, lines: int, *, last: int, reviewer: int) -> Size:
    """So many lines, their nation around them, and the statistics that the planner goes by."""
    size = Size.of(lines)
    values = {
        "enterprises": size.enterprises, "months": MONTHS, "last": last, "lines": size.lines, "reviewer": reviewer,
    }  # fmt: skip
    cursor.execute("SET session_replication_role = replica")
    for statement in filter(str.strip, _STATEMENTS.split(";\n")):
        cursor.execute(statement, values)
    cursor.execute("SET session_replication_role = origin")
    return size
