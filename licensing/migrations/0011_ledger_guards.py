"""The ledger is append-only and adds up; licences and customs records make no move that their tables do not allow."""

from django.db import migrations

from licensing.states import DECLARATION_MOVES, LICENCE_MOVES
from portal.core.guards import triggers

APPEND_ONLY = ("licensing_movement", "licensing_exportcheck", "licensing_reversal")
ACCOUNTS = ("authorised", "reserved", "drawn", "carried")
MOVED = {
    "licensing_licence": ("status", LICENCE_MOVES, "a licence"),
    "licensing_declaration": ("state", DECLARATION_MOVES, "a declaration"),
}


def moves(table):
    return ", ".join(f"'{before}>{after}'" for before, afters in sorted(table.items()) for after in sorted(afters))


def change(account):
    """What a movement does to an account; authorised grams are those that the authority gave."""
    if account == "authorised":
        return "(CASE WHEN NEW.source = 'granted' THEN NEW.grams WHEN NEW.target = 'granted' THEN -NEW.grams ELSE 0 END)"
    return f"(CASE WHEN NEW.target = '{account}' THEN NEW.grams WHEN NEW.source = '{account}' THEN -NEW.grams ELSE 0 END)"


def continues(zero):
    """Whether the balances after a movement are those before it and what it moves."""
    return " AND ".join(
        f"NEW.{account}_after = {zero.format(account=account)} + {change(account)}" for account in ACCOUNTS
    )


BEFORE = (
    "COALESCE((SELECT last.{account}_after FROM licensing_movement AS last "
    "WHERE last.line_id = NEW.line_id AND last.sequence = NEW.sequence - 1), 0)"
)
FOLLOWS = (
    "(NEW.sequence = 1 OR EXISTS (SELECT 1 FROM licensing_movement AS last "
    "WHERE last.line_id = NEW.line_id AND last.sequence = NEW.sequence - 1))"
)
SAME = " AND ".join(f"one.{account}_g = last.{account}_after" for account in ACCOUNTS)
EMPTY = " AND ".join(f"one.{account}_g = 0" for account in ACCOUNTS)

POSTGRESQL = [
    """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        for table in APPEND_ONLY
    ),
    f"""
CREATE FUNCTION movement_continues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT ({FOLLOWS} AND {continues(BEFORE)}) THEN
        RAISE EXCEPTION 'a movement must continue the one before it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER licensing_movement_continues BEFORE INSERT ON licensing_movement "
    "FOR EACH ROW EXECUTE FUNCTION movement_continues()",
    # judged at the commit, when a line and its movements are both written
    f"""
CREATE FUNCTION ledger_adds_up(line bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM licensing_licenceline AS one WHERE one.id = line AND NOT (
            (one.moves = 0 AND {EMPTY} AND NOT EXISTS (SELECT 1 FROM licensing_movement WHERE line_id = one.id))
            OR (
                EXISTS (
                    SELECT 1 FROM licensing_movement AS last
                    WHERE last.line_id = one.id AND last.sequence = one.moves AND {SAME}
                )
                AND NOT EXISTS (
                    SELECT 1 FROM licensing_movement AS more WHERE more.line_id = one.id AND more.sequence > one.moves
                )
            )
        )
    ) THEN
        RAISE EXCEPTION 'the movements of line % do not add up to its balances', line
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$
""",
    """
CREATE FUNCTION line_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_adds_up(NEW.id);
    RETURN NULL;
END $$
""",
    """
CREATE FUNCTION movement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_adds_up(NEW.line_id);
    RETURN NULL;
END $$
""",
    "CREATE CONSTRAINT TRIGGER licensing_licenceline_adds_up AFTER INSERT OR UPDATE "
    "OF authorised_g, reserved_g, drawn_g, carried_g, moves ON licensing_licenceline "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION line_adds_up()",
    "CREATE CONSTRAINT TRIGGER licensing_movement_adds_up AFTER INSERT ON licensing_movement "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION movement_adds_up()",
]
for table, (column, table_of_moves, noun) in MOVED.items():
    POSTGRESQL += [
        f"""
CREATE FUNCTION {table}_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.{column} <> NEW.{column} AND (OLD.{column} || '>' || NEW.{column}) NOT IN ({moves(table_of_moves)}) THEN
        RAISE EXCEPTION '{noun} cannot go from % to %', OLD.{column}, NEW.{column}
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
        f"CREATE TRIGGER {table}_move BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_move()",
    ]

SQLITE = [
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER licensing_movement_continues BEFORE INSERT ON licensing_movement "
    f"WHEN NOT ({FOLLOWS} AND {continues(BEFORE)}) "
    "BEGIN SELECT RAISE(ABORT, 'a movement must continue the one before it'); END",
    # SQLite defers no trigger: the line is written first, and its movement must find it so
    "CREATE TRIGGER licensing_movement_adds_up BEFORE INSERT ON licensing_movement "
    "WHEN NOT EXISTS (SELECT 1 FROM licensing_licenceline AS one WHERE one.id = NEW.line_id "
    "AND one.moves >= NEW.sequence AND (one.moves > NEW.sequence OR ("
    + " AND ".join(f"one.{account}_g = NEW.{account}_after" for account in ACCOUNTS)
    + "))) BEGIN SELECT RAISE(ABORT, 'the movements do not add up to the balances'); END",
    *(
        f"CREATE TRIGGER {table}_move BEFORE UPDATE ON {table} WHEN OLD.{column} <> NEW.{column} "
        f"AND (OLD.{column} || '>' || NEW.{column}) NOT IN ({moves(table_of_moves)}) "
        f"BEGIN SELECT RAISE(ABORT, '{noun} cannot make this move'); END"
        for table, (column, table_of_moves, noun) in MOVED.items()
    ),
]

UNDO_POSTGRESQL = [
    *(f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY),
    "DROP TRIGGER licensing_movement_continues ON licensing_movement",
    "DROP TRIGGER licensing_movement_adds_up ON licensing_movement",
    "DROP TRIGGER licensing_licenceline_adds_up ON licensing_licenceline",
    *(f"DROP TRIGGER {table}_move ON {table}" for table in MOVED),
    *(
        f"DROP FUNCTION {name}"
        for name in (
            "ledger_refuse", "movement_continues", "line_adds_up", "movement_adds_up", "ledger_adds_up",
            *(f"{table}_move" for table in MOVED),
        )
    ),
]
UNDO_SQLITE = [
    *(f"DROP TRIGGER {table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
    "DROP TRIGGER licensing_movement_continues",
    "DROP TRIGGER licensing_movement_adds_up",
    *(f"DROP TRIGGER {table}_move" for table in MOVED),
]


class Migration(migrations.Migration):
    dependencies = [("licensing", "0010_ledger_and_declarations")]
    operations = [
        triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo={"postgresql": UNDO_POSTGRESQL, "sqlite": UNDO_SQLITE})
    ]
