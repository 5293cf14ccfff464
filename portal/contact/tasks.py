"""Work for the workers: mail and messages to organisations' systems. A key makes sure that each is told once."""

from __future__ import annotations

from celery import shared_task

from portal.accounts.models import Enrolment, Invitation, Recovery, User
from portal.accounts.queries import people_with
from portal.audit.models import Event
from portal.contact.models import HookEvent, Question
from portal.contact.services import hook_messages, mail
from portal.core.durable import durable


@shared_task(name="portal.contact.send_owed", ignore_result=True)
def send_owed() -> None:
    """Send every mail that is owed."""
    mail.send_owed()


@durable("portal.contact.send_invitation")
def send_invitation(invitation_id: int) -> None:
    """The address invited gets its link."""
    invitation = Invitation.objects.select_related("invited_by").get(pk=invitation_id)
    reader = User.objects.filter(email__iexact=invitation.email).first()
    spoken = invitation.invited_by.language if invitation.invited_by is not None else None
    mail.send(
        template="invitation",
        to=reader,
        address=invitation.email,
        language=spoken,
        values={"invitation": invitation.pk},
        key=f"invitation:{invitation.pk}",
    )


@durable("portal.contact.tell_enrolment")
def tell_enrolment(enrolment_id: int) -> None:
    """The applicant learns the decision and its reason."""
    enrolment = Enrolment.objects.select_related("applicant", "organisation").get(pk=enrolment_id)
    names = {"name_zh": enrolment.organisation.name_zh, "name_en": enrolment.organisation.name_en}
    month = enrolment.organisation.reports_from
    mail.send(
        template="enrolment_decided",
        to=enrolment.applicant,
        values={
            "approved": enrolment.state == "approved",
            "reason": enrolment.reason,
            "organisation": names,
            "month": month.index if month is not None else None,
        },
        key=f"enrolment:{enrolment.pk}:{enrolment.state}",
    )


@durable("portal.contact.tell_known")
def tell_known(event_id: int) -> None:
    """Who asked for an organisation or with an address that is known already learns how to go on."""
    event = Event.objects.get(pk=event_id)
    mail.send(
        template="enrolment_known",
        to=User.objects.filter(email__iexact=event.data["address"]).first(),
        address=event.data["address"],
        language=event.data["language"],
        values={},
        key=f"enrolment_known:{event.pk}",
    )


@durable("portal.contact.tell_account_secured")
def tell_account_secured(event_id: int) -> None:
    """The owner of an account learns of a change to how one signs in to it."""
    _tell("account_secured", event_id)


def _tell(template: str, event_id: int) -> None:
    event = Event.objects.get(pk=event_id)
    reader = User.objects.filter(pk=event.subject_id or 0).first()
    if reader is not None:
        values = {"verb": event.verb, "at": event.at.isoformat()}
        mail.send(template=template, to=reader, values=values, key=f"{template}:{event.pk}")


@durable("portal.contact.tell_recovery_asked")
def tell_recovery_asked(recovery_id: int) -> None:
    """The owner of an account learns that somebody asks to take its second factor away."""
    recovery = Recovery.objects.select_related("user").get(pk=recovery_id)
    mail.send(template="recovery_asked", to=recovery.user, values={}, key=f"recovery:{recovery.pk}:asked")


@durable("portal.contact.tell_recovery_decided")
def tell_recovery_decided(recovery_id: int) -> None:
    """The owner of an account learns what the administrators decided about its second factor."""
    recovery = Recovery.objects.select_related("user").get(pk=recovery_id)
    mail.send(
        template="recovery_decided",
        to=recovery.user,
        values={"done": recovery.state == "done"},
        key=f"recovery:{recovery.pk}:{recovery.state}",
    )


@durable("portal.contact.send_password_reset")
def send_password_reset(event_id: int) -> None:
    """The person gets a link to choose a new password."""
    _tell("password_reset", event_id)


@durable("portal.contact.send_address_proof")
def send_address_proof(event_id: int) -> None:
    """The new address gets the link that proves it."""
    event = Event.objects.get(pk=event_id)
    user = User.objects.get(pk=event.subject_id or 0)
    if user.email_asked:
        key = f"address_proof:{event.pk}"
        mail.send(template="address_proof", to=user, address=user.email_asked, values={}, key=key)


@durable("portal.contact.tell_question")
def tell_question(question_id: int) -> None:
    """Everybody who prepares or signs for the organisation learns that the regulator asks something."""
    question = Question.objects.select_related("organisation").get(pk=question_id)
    again = question.answers.filter(
        from_regulator=True
    ).count()  # asked once more in its thread: told once more
    for reader in people_with(question.organisation, "preparer", "certifier"):
        mail.send(
            template="question_asked",
            to=reader,
            values={"due_on": question.due_on.isoformat()},
            key=f"question:{question.pk}:{reader.pk}" + (f":{again}" if again else ""),
        )


@durable("portal.contact.hook_question")
def hook_question(question_id: int) -> None:
    """The organisation's own system learns that the regulator asks something."""
    question = Question.objects.get(pk=question_id)
    again = question.answers.filter(from_regulator=True).count()
    data = {
        "question": question.pk,
        "period": None if question.period is None else str(question.period),
        "about": question.subject_type,
        "of": question.subject_id,
        "line_no": question.line_no,
        "finding": question.finding_id,
        "check": question.check_code or None,
        "due_on": question.due_on.isoformat(),
    }
    hook_messages.announce(
        event=HookEvent.QUESTION_ASKED,
        key=f"question:{question.pk}:{again}",
        told={question.organisation_id: data},
    )


@durable(hook_messages.TASK)
def send_hook_message(message_id: int) -> None:
    """One try of a message to an organisation's own system."""
    hook_messages.send(message_id)


@shared_task(name="portal.contact.prune", ignore_result=True)
def prune() -> None:
    """Forget messages sent long ago."""
    hook_messages.prune()
