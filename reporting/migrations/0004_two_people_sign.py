"""Where an organisation asks for two people, the database refuses one; and no line slips in while a filing is signed."""

from django.db import migrations

from portal.core.guards import triggers

ONE_PERSON = (
    "OLD.status IN ('draft', 'handed_over') AND NEW.status = 'submitted' AND NOT NEW.nil "
    "AND NEW.submitted_by_id IS NOT NULL "
    "AND (OLD.status = 'draft' OR NEW.prepared_by_id IS NULL OR NEW.prepared_by_id = NEW.submitted_by_id) "
    "AND (SELECT separate_signer FROM accounts_organisation WHERE id = NEW.organisation_id)"
)
SAYS = "preparer and certifier must be two people"

POSTGRESQL = [
    f"""
CREATE FUNCTION filing_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ONE_PERSON} THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    "CREATE TRIGGER filing_two_people BEFORE UPDATE OF status ON reporting_filing "
    "FOR EACH ROW EXECUTE FUNCTION filing_two_people()",
    # The share lock waits for a signature under way in another transaction, and is then refused; without it, a
    # line written at that very moment would see the filing as the draft it was.
    """
CREATE OR REPLACE FUNCTION filing_content_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM reporting_filing WHERE id IN (SELECT filing_id FROM touched) ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM touched JOIN reporting_filing ON reporting_filing.id = touched.filing_id
        WHERE reporting_filing.status NOT IN ('draft', 'handed_over')
    ) THEN
        RAISE EXCEPTION 'the content of a submitted filing never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
""",
]
SQLITE = [
    f"CREATE TRIGGER filing_two_people BEFORE UPDATE OF status ON reporting_filing WHEN {ONE_PERSON} "
    f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
]
UNDO = {
    "postgresql": ["DROP TRIGGER filing_two_people ON reporting_filing", "DROP FUNCTION filing_two_people"],
    "sqlite": ["DROP TRIGGER filing_two_people"],
}


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_draft_saves"), ("accounts", "0001_initial")]
    operations = [triggers(postgresql=POSTGRESQL, sqlite=SQLITE, undo=UNDO)]
