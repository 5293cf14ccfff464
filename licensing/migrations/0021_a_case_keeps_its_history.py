"""What was submitted is frozen, a case moves as the table of states allows, and its history only grows.

Nobody of the applicant recommends or countersigns, and nothing is decided but what a second person signed.
"""

from django.db import migrations

from licensing.states import APPLICATION_MOVES
from portal.core.guards import triggers

FROZEN = (
    "organisation_id number kind purpose about_id reason end_use destination contract_no contract_on months max_uses "
    "customs_office transport_mode no_split undertakings submitted_at submitted_by_id"
).split()
ONCE = ("outcome", "decided_at", "licence_id")
MOVES = ", ".join(
    f"'{before}>{after}'" for before, afters in sorted(APPLICATION_MOVES.items()) for after in sorted(afters)
)
GOODS = ("licensing_applicationline", "licensing_applicationparty")
HISTORY = ("licensing_applicationevent", "licensing_routing", "licensing_screening", "licensing_letter")
KIN = (
    "EXISTS (SELECT 1 FROM accounts_membership m JOIN licensing_application a ON a.organisation_id = m.organisation_id "
    "WHERE a.id = NEW.application_id AND m.user_id IN (NEW.by_id, NEW.countersigned_by_id)) "
    "OR EXISTS (SELECT 1 FROM licensing_application a WHERE a.id = NEW.application_id "
    "AND (a.submitted_by_id IN (NEW.by_id, NEW.countersigned_by_id) "
    "OR a.created_by_id IN (NEW.by_id, NEW.countersigned_by_id)))"
)
UNSIGNED = (
    "(NEW.status = 'decided' AND OLD.status <> 'decided' AND NOT EXISTS (SELECT 1 FROM licensing_recommendation r "
    "WHERE r.application_id = NEW.id AND r.countersignature = 'signed' AND r.verdict = NEW.outcome))"
)

NOT_WAITING = "OLD.countersignature <> 'waiting'"


def changed(different: str) -> str:
    columns = " OR ".join(f"NEW.{column} {different} OLD.{column}" for column in FROZEN)
    once = " OR ".join(
        f"(OLD.{column} {different} {empty} AND NEW.{column} {different} OLD.{column})"
        for column, empty in zip(ONCE, ("''", "NULL", "NULL"), strict=True)
    )
    return f"(OLD.status <> 'draft' AND ({columns} OR {once}))"


def moved() -> str:
    return f"(OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN ({MOVES}))"


def refuse(words: str, condition: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"


POSTGRESQL = [
    f"""
CREATE FUNCTION application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        {refuse("a submitted application is never deleted", "OLD.status <> 'draft'")}
        RETURN OLD;
    END IF;
    {refuse("a submitted application never changes", changed("IS DISTINCT FROM"))}
    {refuse("an application cannot make this move", moved())}
    {refuse("nothing is decided but what a second person signed", UNSIGNED)}
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER application_guard BEFORE UPDATE OR DELETE ON licensing_application "
    "FOR EACH ROW EXECUTE FUNCTION application_guard()",
    """
CREATE FUNCTION application_goods_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN whose := OLD.application_id; ELSE whose := NEW.application_id; END IF;
    IF EXISTS (SELECT 1 FROM licensing_application WHERE id = whose AND status <> 'draft') THEN
        RAISE EXCEPTION 'the goods and parties of a submitted application never change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
""",
    """
CREATE FUNCTION case_history_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of a case only grows' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    f"""
CREATE FUNCTION recommendation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a recommendation is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        {refuse("a countersigned recommendation never changes", NOT_WAITING)}
        {refuse("a recommendation is not rewritten", "NEW.by_id <> OLD.by_id OR NEW.verdict <> OLD.verdict OR NEW.application_id <> OLD.application_id")}
    END IF;
    {refuse("nobody of the applicant recommends or countersigns", KIN)}
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER recommendation_guard BEFORE INSERT OR UPDATE OR DELETE ON licensing_recommendation "
    "FOR EACH ROW EXECUTE FUNCTION recommendation_guard()",
]
for table in GOODS:
    POSTGRESQL.append(
        f"CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION application_goods_guard()"
    )
for table in HISTORY:
    POSTGRESQL.append(
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION case_history_guard()"
    )


def sqlite(name: str, when: str, table: str, condition: str, words: str) -> str:
    guard = f"WHEN {condition} " if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when} ON {table} {guard}BEGIN SELECT RAISE(ABORT, '{words}'); END"


SQLITE = [
    sqlite("application_guard_update", "UPDATE", "licensing_application", changed("IS NOT"), "a submitted application never changes"),
    sqlite("application_guard_move", "UPDATE", "licensing_application", moved(), "an application cannot make this move"),
    sqlite("application_guard_decide", "UPDATE", "licensing_application", UNSIGNED, "nothing is decided but what a second person signed"),
    sqlite("application_guard_delete", "DELETE", "licensing_application", "OLD.status <> 'draft'", "a submitted application is never deleted"),
    sqlite("recommendation_guard_insert", "INSERT", "licensing_recommendation", KIN, "nobody of the applicant recommends or countersigns"),
    sqlite("recommendation_guard_kin", "UPDATE", "licensing_recommendation", KIN, "nobody of the applicant recommends or countersigns"),
    sqlite(
        "recommendation_guard_update", "UPDATE", "licensing_recommendation",
        f"{NOT_WAITING} OR NEW.by_id <> OLD.by_id OR NEW.verdict <> OLD.verdict OR NEW.application_id <> OLD.application_id",
        "a countersigned recommendation never changes",
    ),
    sqlite("recommendation_guard_delete", "DELETE", "licensing_recommendation", "", "a recommendation is never deleted"),
]
for table in GOODS:
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        SQLITE.append(
            sqlite(
                f"{table}_guard_{verb.lower()}", verb, table,
                f"EXISTS (SELECT 1 FROM licensing_application WHERE id = {row}.application_id AND status <> 'draft')",
                "the goods and parties of a submitted application never change",
            )
        )
for table in HISTORY:
    for verb in ("UPDATE", "DELETE"):
        SQLITE.append(sqlite(f"{table}_guard_{verb.lower()}", verb, table, "", "the history of a case only grows"))

UNDO_POSTGRESQL = [
    "DROP TRIGGER application_guard ON licensing_application",
    "DROP TRIGGER recommendation_guard ON licensing_recommendation",
    *[f"DROP TRIGGER {table}_guard ON {table}" for table in (*GOODS, *HISTORY)],
    "DROP FUNCTION application_guard",
    "DROP FUNCTION application_goods_guard",
    "DROP FUNCTION case_history_guard",
    "DROP FUNCTION recommendation_guard",
]
UNDO_SQLITE = [
    f"DROP TRIGGER {name}"
    for name in (
        *(f"application_guard_{what}" for what in ("update", "move", "decide", "delete")),
        *(f"recommendation_guard_{what}" for what in ("insert", "kin", "update", "delete")),
        *(f"{table}_guard_{what}" for table in GOODS for what in ("insert", "update", "delete")),
        *(f"{table}_guard_{what}" for table in HISTORY for what in ("update", "delete")),
    )
]


class Migration(migrations.Migration):
    dependencies = [("licensing", "0020_applications"), ("accounts", "0003_api_tokens")]
    operations = [
        triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo={"postgresql": UNDO_POSTGRESQL, "sqlite": UNDO_SQLITE})
    ]
