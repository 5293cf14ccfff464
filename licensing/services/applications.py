"""Drafting an application: begun, copied, its goods, parties, use and conditions, and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from licensing.models import (
    Application,
    ApplicationLine,
    ApplicationParty,
    ApplicationStatus,
    Licence,
    LicenceKind,
    Purpose,
)
from licensing.services.judging import judge_line
from licensing.services.moves import may, own, tell
from portal.core import clock
from portal.core.actors import Actor
from portal.core.errors import Refused
from portal.core.permissions import Permission
from portal.registry.models import Counterparty, Product, ProductDetails

LINES_MAX = 200
PARTIES_MAX = 50
USE_FIELDS = (
    "end_use",
    "destination",
    "contract_no",
    "contract_on",
    "months",
    "max_uses",
    "customs_office",
    "transport_mode",
    "no_split",
    "reason",
)
PARTY_FIELDS = ("role", "name", "name_local", "country", "id_type", "id_number", "address", "city")
PRODUCT_FIELDS = tuple(field.name for field in ProductDetails._meta.get_fields())  # noqa: SLF001 - documented


def start(
    *,
    by: Actor,
    kind: str = LicenceKind.INDIVIDUAL,
    product_id: int | None = None,
    purpose: str = Purpose.NEW,
    licence_id: int | None = None,
) -> Application:
    """A draft is begun: empty, with one good of the catalogue, or about a licence that is renewed or amended.

    A draft about the same licence that is open already is given back.
    """
    may(by, Permission.LICENCE_APPLY)
    if kind not in LicenceKind.values or purpose not in Purpose.values:
        raise Refused("unknown_code", _("Choose one of the kinds offered."), status=422)
    with transaction.atomic():
        about = _licence(by, licence_id) if purpose != Purpose.NEW else None
        if about is not None:
            begun = Application.objects.filter(
                about=about, status=ApplicationStatus.DRAFT, purpose=purpose
            ).first()
            if begun is not None:
                return begun
        source = Application.objects.filter(licence=about).first() if about is not None else None
        draft = _new(by, kind=about.kind if about else kind, purpose=purpose, about=about)
        if source is not None:
            _fill(by, draft, source)
        if product_id is not None:
            add_line(by=by, application_id=draft.pk, product_id=product_id)
        tell("application.begun", by, draft, kind=draft.kind, purpose=purpose)
    return draft


def copy(*, by: Actor, application_id: int) -> Application:
    """A new draft with the goods, parties and use of an earlier application; its papers stay where they are."""
    may(by, Permission.LICENCE_APPLY)
    with transaction.atomic():
        source = own(by, application_id)
        draft = _new(by, kind=source.kind, purpose=Purpose.NEW, about=None)
        _fill(by, draft, source)
        tell("application.begun", by, draft, kind=draft.kind, purpose=draft.purpose)
    return draft


def _licence(by: Actor, licence_id: int | None) -> Licence:
    licence = Licence.objects.filter(pk=licence_id or 0, exporter_id=by.organisation_id).first()
    if licence is None:
        raise Http404
    if licence.status == "revoked":
        raise Refused("licence_revoked", _("This licence was revoked. Apply for a new one."))
    return licence


def _new(by: Actor, *, kind: str, purpose: str, about: Licence | None) -> Application:
    if by.is_sandbox:
        raise Refused(
            "sandbox_no_licences",
            _(
                "No officer works in a sandbox, so an application made there would never be answered. Classify goods there, "
                "and apply with a token of the organisation itself."
            ),
        )
    if by.organisation is None or not by.organisation.is_enterprise:
        raise Http404
    moment = clock.now()
    return Application.objects.create(
        organisation=by.organisation,
        kind=kind,
        purpose=purpose,
        about=about,
        months=12,
        created_at=moment,
        created_by=by.user,
        saved_at=moment,
    )


def _fill(by: Actor, draft: Application, source: Application) -> None:
    for name in USE_FIELDS:
        if name != "reason":
            setattr(draft, name, getattr(source, name))
    draft.copied_from = source
    draft.save()
    for line in source.lines.select_related("product"):
        if line.product.retired_at is None:
            values = {
                "quantity_g": line.quantity_g,
                "quantity_dp": line.quantity_dp,
                "value_fen": line.value_fen,
            }
            _put_line(draft, line.product, values | {"value_dp": line.value_dp, "note": line.note})
    for party in source.parties.all():
        values = {name: getattr(party, name) for name in PARTY_FIELDS}
        ApplicationParty.objects.create(application=draft, counterparty=party.counterparty, **values)


def open_draft(by: Actor, application_id: int) -> Application:
    """The draft, its row held; refused once it is submitted."""
    may(by, Permission.LICENCE_APPLY)
    application = own(by, application_id)
    if not application.is_draft:
        raise Refused(
            "already_submitted",
            _("This application was submitted and cannot change. Answer requests instead."),
        )
    return application


def add_line(
    *, by: Actor, application_id: int, product_id: int, values: Mapping[str, Any] | None = None
) -> ApplicationLine:
    """One good of the catalogue stands in the draft, judged by the list in force. Added twice, it stands twice."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        if draft.lines.count() >= LINES_MAX:
            raise Refused(
                "too_many_lines",
                _("An application holds up to %(limit)s goods."),
                values={"limit": LINES_MAX},
            )
        product = Product.objects.filter(pk=product_id, organisation_id=by.organisation_id or 0).first()
        if product is None:
            raise Http404
        line = _put_line(draft, product, dict(values or {}))
        _saved(by, draft)
    return line


def change_line(
    *, by: Actor, application_id: int, line_no: int, values: Mapping[str, Any]
) -> ApplicationLine:
    """Quantity, value and note of a good are as given."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        line = _line(draft, line_no)
        for name, value in values.items():
            setattr(line, name, value)
        line.save()
        _saved(by, draft)
    return line


def remove_line(*, by: Actor, application_id: int, line_no: int) -> None:
    """The good is no part of the draft; a second call changes nothing."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        draft.lines.filter(line_no=line_no).delete()
        _saved(by, draft)


def _line(draft: Application, line_no: int) -> ApplicationLine:
    line = draft.lines.filter(line_no=line_no).first()
    if line is None:
        raise Http404
    return line


def _put_line(draft: Application, product: Product, values: dict[str, Any]) -> ApplicationLine:
    last = draft.lines.aggregate(last=Max("line_no"))["last"] or 0
    line = ApplicationLine(application=draft, line_no=last + 1, product=product, **values)
    take_over(line, product)
    judge_line(line, clock.today())
    line.save()
    return line


def take_over(line: ApplicationLine, product: Product) -> None:
    """What the catalogue says of the product now stands in the line."""
    for name in PRODUCT_FIELDS:
        setattr(line, name, getattr(product, name))


def save_party(
    *, by: Actor, application_id: int, values: Mapping[str, Any], party_id: int | None = None
) -> ApplicationParty:
    """One party of the draft is as given: new, or the one with this number."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        if party_id is None and draft.parties.count() >= PARTIES_MAX:
            raise Refused(
                "too_many_parties",
                _("An application holds up to %(limit)s parties."),
                values={"limit": PARTIES_MAX},
            )
        party = ApplicationParty(application=draft) if party_id is None else _party(draft, party_id)
        for name in PARTY_FIELDS:
            if name in values:
                setattr(party, name, values[name])
        party.save()
        _saved(by, draft)
    return party


def add_counterparty(*, by: Actor, application_id: int, counterparty_id: int, role: str) -> ApplicationParty:
    """A client of the register stands in the draft in a role, with what the register says of it."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        known = Counterparty.objects.filter(
            pk=counterparty_id, organisation_id=by.organisation_id or 0
        ).first()
        if known is None:
            raise Http404
        values = {name: getattr(known, name) for name in PARTY_FIELDS if name != "role"}
        party = save_party(by=by, application_id=draft.pk, values=values | {"role": role})
        ApplicationParty.objects.filter(pk=party.pk).update(counterparty=known)
        draft.refresh_from_db()
        _use_of(draft, known)
    return party


def _use_of(draft: Application, known: Counterparty) -> None:
    """What the register knows of the client's use spares typing it, where nothing stands there yet."""
    if known.end_use and not draft.end_use:
        draft.end_use = known.end_use
    if not draft.destination:
        draft.destination = known.country
    draft.save(update_fields=["end_use", "destination"])


def remove_party(*, by: Actor, application_id: int, party_id: int) -> None:
    """The party is no part of the draft; a second call changes nothing."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        draft.parties.filter(pk=party_id).delete()
        _saved(by, draft)


def _party(draft: Application, party_id: int) -> ApplicationParty:
    party = draft.parties.filter(pk=party_id).first()
    if party is None:
        raise Http404
    return party


def save_use(*, by: Actor, application_id: int, values: Mapping[str, Any]) -> Application:
    """End use, contract and conditions of the draft are as given; what is not named stays."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        names = [name for name in USE_FIELDS if name in values]
        for name in names:
            setattr(draft, name, values[name])
        draft.save(update_fields=names)
        _saved(by, draft)
    return draft


def discard(*, by: Actor, application_id: int) -> None:
    """The draft is gone with all it held."""
    with transaction.atomic():
        draft = open_draft(by, application_id)
        tell("application.discarded", by, draft)
        draft.lines.all().delete()
        draft.parties.all().delete()
        draft.papers.all().delete()
        draft.delete()


def _saved(by: Actor, draft: Application) -> None:
    draft.saved_at = clock.now()
    draft.revision += 1
    draft.save(update_fields=["saved_at", "revision"])
    tell("application.saved", by, draft)
