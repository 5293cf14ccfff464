"""``manage.py verify-trail``: exit 1 and the row's number if the trail was touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.domain.heads import (
    HeadFault,
    Keys,
    KeyUnreadable,
    SignedHead,
    as_pem,
    name_of,
    public_key,
    read_heads,
)
from portal.audit.queries import Verification, verify
from portal.audit.services.heads import signing_key
from portal.audit.services.publishing import write_chain

FAULTS = {
    "seal_missing": gettext_lazy("Row %(sequence)s of the chain is missing."),
    "event_missing": gettext_lazy("Event %(row)s, row %(sequence)s of the chain, is missing."),
    "event_changed": gettext_lazy("Event %(row)s, row %(sequence)s of the chain, or its seal was changed."),
    "head_differs": gettext_lazy(
        "Row %(sequence)s of the chain (event %(row)s) is not the one that was signed: something from row %(first)s on "
        "was changed and chained anew."
    ),
    "tail_cut": gettext_lazy(
        "The chain is cut: row %(sequence)s and what came after it are missing, yet were signed."
    ),
}
HEAD_FAULTS = {
    "unreadable": gettext_lazy("Line %(line)s of the file of heads cannot be read."),
    "unknown_key": gettext_lazy(
        "Line %(line)s of the file of heads is signed with another key. Give its public part with --key."
    ),
    "forged": gettext_lazy("Line %(line)s of the file of heads was not signed by the key that it names."),
    "out_of_order": gettext_lazy("Line %(line)s of the file of heads goes back behind the line before it."),
}


class Command(BaseCommand):
    help = "Walk the hash chain of the trail; exit 1 and name the row if it was touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", type=Path, metavar="FILE", help="signed heads that must still be in the chain"
        )
        parser.add_argument(
            "--key",
            type=Path,
            metavar="FILE",
            action="append",
            default=[],
            help="public key that may have signed heads, beside the portal's own; may be given again",
        )
        parser.add_argument(
            "--public-key", action="store_true", help="print the portal's public key and do nothing else"
        )
        parser.add_argument(
            "--export",
            type=Path,
            metavar="FILE",
            help="write the chain for those who recompute it elsewhere, and do nothing else",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["public_key"]:
            self.stdout.write(as_pem(signing_key().public_key()), ending="")
        elif options["export"]:
            try:
                rows = write_chain(options["export"])
            except OSError as error:
                raise CommandError(
                    _("%(file)s cannot be written: %(reason)s")
                    % {"file": options["export"], "reason": error.strerror}
                ) from error
            self.stdout.write(_("%(rows)s rows written.") % {"rows": rows})
        else:
            self._verify(options["head"], options["key"])

    def _verify(self, head: Path | None, keys: list[Path]) -> None:
        with ExitStack() as stack:
            heads: Iterator[SignedHead] = iter(())
            if head is not None:
                try:
                    lines = stack.enter_context(head.open("rb"))
                except OSError as error:
                    raise CommandError(
                        _("%(file)s cannot be read: %(reason)s") % {"file": head, "reason": error.strerror}
                    ) from error
                heads = read_heads(lines, _keys(keys))
            try:
                result = verify(heads)
            except HeadFault as fault:
                raise CommandError(HEAD_FAULTS[fault.code] % {"line": fault.line}, returncode=1) from fault
        self._tell(result, with_heads=head is not None)

    def _tell(self, result: Verification, *, with_heads: bool) -> None:
        if result.fault is not None:
            values = {"row": result.row, "sequence": result.sequence, "first": result.signed + 1}
            said = FAULTS[result.fault] % values
            held = _("%(sealed)s rows before it hold.") % {"sealed": result.sealed}
            raise CommandError(
                _("The trail was touched. %(said)s %(held)s") % {"said": said, "held": held}, returncode=1
            )
        self.stdout.write(
            _("The trail holds: %(sealed)s rows sealed, %(unsealed)s waiting for their seal.")
            % {"sealed": result.sealed, "unsealed": result.unsealed}
        )
        if with_heads:
            self.stdout.write(
                _("%(heads)s signed heads are in it, the last at row %(signed)s.")
                % {"heads": result.heads, "signed": result.signed}
            )


def _keys(files: list[Path]) -> Keys:
    """The keys whose signatures count: the portal's own where it has one, and those given."""
    own = [signing_key().public_key()] if settings.AUDIT_KEY else []
    try:
        given = [public_key(file.read_bytes()) for file in files]
    except (OSError, KeyUnreadable) as error:
        raise CommandError(
            _("A --key is no Ed25519 public key in PEM: %(reason)s") % {"reason": error}
        ) from error
    return {name_of(key): key for key in [*own, *given]}
