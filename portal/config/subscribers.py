"""Who hears which event: lower floors publish, the tasks named here answer. Every event of the portal stands here."""

from __future__ import annotations

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "filing.submitted": ("reporting.check_filing", "reporting.send_receipt"),
    "filing.withdrawn": ("reporting.check_filing",),
    "filing.returned": ("reporting.tell_returned",),
    "filing.accepted": (),
    "question.asked": ("portal.contact.tell_question",),
    "question.answered": (),
    "question.closed": ("reporting.question_closed",),
    "organisation.approved": ("reporting.open_obligations",),
    "extension.decided": ("reporting.tell_extension",),
    "extension.granted": ("reporting.apply_extension",),
    "enrolment.decided": ("portal.contact.tell_enrolment",),
    "enrolment.known": ("portal.contact.tell_known",),
    "invitation.made": ("portal.contact.send_invitation",),
    "recovery.asked": ("portal.contact.tell_recovery_asked",),
    "recovery.decided": ("portal.contact.tell_recovery_decided",),
    "password_reset.asked": ("portal.contact.send_password_reset",),
    "address.asked": ("portal.contact.send_address_proof",),
    "account.secured": ("portal.contact.tell_account_secured",),
    "calendar.changed": ("reporting.recompute_due_days",),
    "licence.issued": ("licensing.tell_issued",),
    "licence.changed": ("licensing.tell_changed",),
    "application.submitted": (),
    "application.accepted": ("licensing.tell_accepted",),
    "application.requested": ("licensing.tell_requested",),
    "application.answered": ("licensing.tell_answered",),
    "application.decided": ("licensing.tell_decided",),
    "watch_list.changed": ("licensing.screen_again",),
    "registers.loaded": ("reporting.refresh_obligations",),
}
