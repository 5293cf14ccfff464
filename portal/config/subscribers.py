"""Who hears which event: lower floors publish, the tasks named here answer. Every event of the portal stands here."""

from __future__ import annotations

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "filing.submitted": ("reporting.check_filing", "reporting.send_receipt"),
    "filing.withdrawn": ("reporting.check_filing",),
    "filing.returned": ("reporting.tell_returned",),
    "filing.accepted": (),
    "question.asked": ("portal.contact.tell_question",),
    "question.answered": (),
    "organisation.approved": ("reporting.open_obligations",),
    "extension.decided": ("reporting.tell_extension",),
    "extension.granted": ("reporting.apply_extension",),
    "enrolment.decided": ("portal.accounts.tell_enrolment",),
    "invitation.made": ("portal.accounts.send_invitation",),
    "calendar.changed": ("reporting.recompute_due_days",),
    "registers.loaded": ("reporting.refresh_obligations",),
}
