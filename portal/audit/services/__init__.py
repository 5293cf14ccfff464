"""Writing the trail, sealing what was written, signing the end of the chain."""

from portal.audit.services.events import record, record_all
from portal.audit.services.heads import sign_head
from portal.audit.services.sealing import seal_events

__all__ = ["record", "record_all", "seal_events", "sign_head"]
