"""The licence as a paper: both languages, its terms and goods, and a code whose signature anybody checks offline."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from licensing.documents.facts import countries, day, names, none
from licensing.domain.signatures import signed
from licensing.models import Licence, LicenceKind, LicenceLine, Transport
from portal.audit.domain.heads import as_pem, private_key
from portal.core.clock import BEIJING
from portal.core.documents import Bilingual, Column, OfficialDocument, both
from portal.core.errors import Refused
from portal.core.quantities import plain

ISSUER = Bilingual(en="Lodestone, export licensing of dual-use items", zh="两用物项出口许可平台")
ROOM = 1_000  # bytes of facts that a code still shows legibly; above it goods stand as a digest


@lru_cache(maxsize=2)
def _read(pem: str) -> Ed25519PrivateKey:
    return private_key(pem)


def _key() -> Ed25519PrivateKey:
    if not has_key():
        raise Refused(
            "licence_key_missing",
            _("Licences cannot be signed here: the operator has set no key."),
            status=503,
        )
    return _read(settings.LICENCE_KEY)


def has_key() -> bool:
    """Whether licences can be signed here."""
    return bool(settings.LICENCE_KEY)


def public_key_pem() -> str:
    """The key by which licences are checked, as it is published."""
    return as_pem(_key().public_key())


def facts_of(licence: Licence) -> dict[str, Any]:
    """What the code says: who may ship what, how much of it, to whom, until when."""
    lines = [
        [line.line_no, line.control_codes, plain(line.authorised_g, decimals=line.quantity_dp)]
        for line in licence.lines.all()
    ]
    facts: dict[str, Any] = {
        "no": licence.licence_no,
        "kind": licence.kind,
        "uscc": licence.exporter.uscc,
        "exporter": licence.exporter.name_zh or licence.exporter.name_en,
        "issued": licence.issued_on.isoformat(),
        "expires": licence.expires_on.isoformat(),
        "to": licence.destination,
        "end_user": licence.end_user_name,
        "goods": lines,
    }
    if len(json.dumps(facts, ensure_ascii=False).encode()) > ROOM:
        written = json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()
        facts["goods_sha256"] = hashlib.sha256(written).hexdigest()
        facts["goods"] = []
        facts["end_user"] = licence.end_user_name[:80]
    return facts


def code_of(licence: Licence) -> str:
    """The text of the code: the public address of its status, and behind the ``#`` what was signed."""
    address = settings.PUBLIC_URL + reverse("verify_proof", args=[licence.licence_no])
    return f"{address}#{signed(_key(), facts_of(licence))}"


def code_image(licence: Licence) -> str:
    """The code as an image that a page can carry inside it (a data address)."""
    return str(segno.make(code_of(licence), error="m").svg_data_uri(scale=3, border=2))


def licence_pdf(licence: Licence) -> bytes:
    """The licence in both languages. The same licence gives the same bytes."""
    code = code_of(licence)  # first: what cannot be signed is not begun
    document = OfficialDocument(
        both(_("Export licence for dual-use items")),
        issuer=ISSUER,
        created_at=licence.created_at.astimezone(BEIJING),
        number=licence.licence_no,
    )
    document.facts(_facts(licence))
    document.heading(both(_("Goods")))
    document.table(
        [
            Column(both(_("Line")), 0.6, "RIGHT"),
            Column(both(_("Control codes")), 1.8),
            Column(both(_("HS code")), 1.4),
            Column(both(_("Goods")), 3),
            Column(both(_("Quantity (kg)")), 1.4, "RIGHT"),
        ],
        [_row(line) for line in licence.lines.all()],
    )
    document.heading(both(_("Verification")))
    document.code(
        code,
        both(
            _(
                "Scan the code or open the address to see whether the licence holds. What is behind the # is signed: the script verify_licence.py checks it without a connection."
            )
        ),
        side=46.0,
    )
    document.paragraph(
        both(
            _(
                "The licence is valid for the exporter, the parties and the goods named here alone. It is not passed on, and it is shown when the goods are declared."
            )
        )
    )
    return document.output()


def _row(line: LicenceLine) -> list[str]:
    return [
        str(line.line_no),
        line.control_codes.replace(";", "\n"),
        line.hs_code,
        line.description,
        plain(line.authorised_g, decimals=line.quantity_dp),
    ]


def _facts(licence: Licence) -> list[tuple[Bilingual, str]]:
    transport = (
        both(Transport(licence.transport_mode).label)
        if licence.transport_mode in Transport.values
        else Bilingual(licence.transport_mode, licence.transport_mode)
    )
    uses = str(licence.max_uses) if licence.max_uses is not None else none()
    facts = [
        (both(_("Exporter")), names(licence.exporter)),
        (both(_("Unified social credit code")), licence.exporter.uscc or ""),
        (both(_("Kind")), _in_both(both(LicenceKind(licence.kind).label))),
        (both(_("Issued on")), day(licence.issued_on)),
        (both(_("Valid until")), day(licence.expires_on)),
        (both(_("Consignee")), licence.consignee_name.replace(";", "\n")),
        (both(_("End user")), licence.end_user_name.replace(";", "\n")),
        (both(_("Country of final destination")), countries(licence.destinations)),
        (both(_("Allowed uses")), uses),
        (both(_("Tolerance, %")), f"{licence.tolerance_pct.normalize():f}"),
        (both(_("Customs office")), licence.customs_office or none()),
        (both(_("Transport")), _in_both(transport) if licence.transport_mode else none()),
    ]
    if licence.no_split:
        facts.append((both(_("No part shipments")), _in_both(both(_("yes")))))
    if licence.predecessor is not None:
        facts.append((both(_("Replaces licence")), licence.predecessor.licence_no))
    return facts


def _in_both(words: Bilingual) -> str:
    return f"{words.zh} / {words.en}"
