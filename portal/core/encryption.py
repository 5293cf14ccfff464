"""Secrets that must be read again are kept closed: encrypted with the portal's key, one box for each purpose."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _box(purpose: str) -> MultiFernet:
    """Closes with the portal's key, and still opens what an older key closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def closed(text: str, purpose: str) -> str:
    """The text encrypted."""
    return _box(purpose).encrypt(text.encode()).decode()


def opened(kept: str, purpose: str) -> str:
    """The text again. Raises cryptography.fernet.InvalidToken where no key of the portal opens it."""
    return _box(purpose).decrypt(kept.encode()).decode()
