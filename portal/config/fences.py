"""Whose the rows of each table are: one line a table. A table without a line is shut to web and workers, and fails a test.

``Owned`` by an organisation, ``Through`` a parent's row, ``Personal`` to one person, the ``Regulators``' own, or ``Open``
for a reason. A page shows what its query asks for; this is what the database would refuse if the query forgot to ask.
"""

from __future__ import annotations

from portal.core.fencing import ADD, READ, Fence, Open, Owned, Personal, Regulators, Through

_SIGN_IN = "read before it is known who asks"
_DJANGO = "Django's own; holds nothing of an organisation"
_PUBLIC = "the same for everybody"

# An organisation is seen by those who hold a role in it or asked for it to be enrolled; offices are seen by everybody.
_ORGANISATIONS = (
    "kind <> 'enterprise'"
    " OR EXISTS (SELECT 1 FROM accounts_membership m WHERE m.organisation_id = accounts_organisation.id"
    " AND m.user_id = {person})"
    " OR EXISTS (SELECT 1 FROM accounts_enrolment e WHERE e.organisation_id = accounts_organisation.id"
    " AND e.applicant_id = {person})"
)

FENCES: dict[str, Fence] = {
    "core.Outbox": Open("a task's name and a number"),
    "core.Job": Owned(),
    "core.IdempotentAnswer": Owned(),
    "audit.Event": Owned(person="actor_id", web=ADD, worker=ADD),
    "audit.Seal": Open("digests alone", web=READ, worker=ADD),
    "accounts.User": Open(_SIGN_IN),
    "accounts.User_groups": Open(_DJANGO),
    "accounts.User_user_permissions": Open(_DJANGO),
    "accounts.Organisation": Owned("id", reads=_ORGANISATIONS, customs=True),
    "accounts.Membership": Owned(person="user_id"),
    "accounts.Invitation": Owned(),
    "accounts.Enrolment": Owned(person="applicant_id"),
    "accounts.Recovery": Personal(),
    "accounts.Throttle": Open("digests of what was tried; read before it is known who asks"),
    "accounts.ApiToken": Owned(person="user_id"),
    "contact.Message": Personal("recipient_id"),
    "contact.Document": Owned(),
    "contact.Question": Owned(),
    "contact.Answer": Through("contact.Question", "question_id"),
    "registry.Element": Open(_PUBLIC),
    "registry.Product": Owned(),
    "registry.Counterparty": Owned(),
    "registry.Lot": Owned(),
    "contact.Webhook": Owned(),
    "contact.HookMessage": Through("contact.Webhook", "webhook_id"),
    "registry.PartyMember": Regulators(),
    "registry.PartyProposal": Regulators(),
    "registry.PartyDecision": Regulators(),
    "registry.CalendarDay": Open(_PUBLIC),
    "licensing.ListVersion": Open(_PUBLIC),
    "licensing.Instrument": Open(_PUBLIC),
    "licensing.Suspension": Open(_PUBLIC),
    "licensing.Entry": Open(_PUBLIC),
    "licensing.ReferenceCode": Open(_PUBLIC),
    "licensing.Threshold": Open(_PUBLIC),
    "licensing.CustomsMeaning": Open(_PUBLIC),
    "licensing.Regime": Open(_PUBLIC),
    "licensing.Licence": Owned("exporter_id", customs=True),
    "licensing.LicenceLine": Through("licensing.Licence", "licence_id", customs=True),
    "licensing.Movement": Through("licensing.LicenceLine", "line_id", customs=True, web=ADD, worker=ADD),
    "licensing.Declaration": Owned("exporter_id", customs=True),
    "licensing.ExportCheck": Owned("office_id", customs=True, web=ADD, worker=ADD),
    "licensing.Reversal": Open(
        "numbers of declarations alone: which draws nothing any more", web=ADD, worker=ADD
    ),
    "registry.WatchEntry": Regulators(),
    "licensing.Application": Owned(),
    "licensing.ApplicationLine": Through("licensing.Application", "application_id"),
    "licensing.ApplicationParty": Through("licensing.Application", "application_id"),
    "licensing.ApplicationPaper": Through("licensing.Application", "application_id"),
    "licensing.ApplicationEvent": Through("licensing.Application", "application_id"),
    "licensing.Queue": Open("into which pile a case goes is decided when it is submitted"),
    "licensing.RoutingRule": Open("into which pile a case goes is decided when it is submitted"),
    "licensing.Routing": Through("licensing.Application", "application_id"),
    "licensing.Flag": Through("licensing.Application", "application_id"),
    "licensing.Screening": Regulators(),
    "licensing.ScreeningHit": Regulators(),
    "licensing.InformationRequest": Through("licensing.Application", "application_id"),
    "licensing.RequestMessage": Through("licensing.InformationRequest", "request_id"),
    "licensing.Advice": Regulators(),
    "licensing.Recommendation": Regulators(),
    "licensing.Letter": Owned(),
    "licensing.EvidenceLink": Regulators(),
    "licensing.Rejudgement": Owned(),
    "licensing.LicenceHit": Regulators(),
    "reporting.Filing": Owned(),
    "reporting.Line": Through("reporting.Filing", "filing_id"),
    "reporting.Explanation": Through("reporting.Filing", "filing_id"),
    "reporting.Upload": Through("reporting.Filing", "filing_id"),
    "reporting.Finding": Owned(),
    "reporting.SavedView": Personal(),
    "reporting.Decision": Regulators(),
    "reporting.FiledParty": Through("reporting.Filing", "filing_id"),
    "reporting.FiledProduct": Through("reporting.Filing", "filing_id"),
    "reporting.FiledSource": Through("reporting.Filing", "filing_id"),
    "reporting.Quota": Owned(),
    "reporting.ReferencePrice": Regulators(),
    "reporting.Invoice": Regulators(),
    "reporting.Obligation": Owned(),
    "reporting.Extension": Owned(reads="organisation_id IS NULL"),
    "reporting.DraftSave": Through("reporting.Filing", "filing_id"),
    "reporting.Sweep": Regulators(),
    "reporting.SweepShard": Regulators(),
    "admin.LogEntry": Open("the stock admin answers to superusers alone"),
    "auth.Permission": Open(_DJANGO),
    "auth.Group": Open(_DJANGO),
    "auth.Group_permissions": Open(_DJANGO),
    "contenttypes.ContentType": Open(_DJANGO),
    "sessions.Session": Open(_SIGN_IN),
    "account.EmailAddress": Open(_SIGN_IN),
    "account.EmailConfirmation": Open(_SIGN_IN),
    "mfa.Authenticator": Open(_SIGN_IN),
    "usersessions.UserSession": Open(_SIGN_IN),
}
