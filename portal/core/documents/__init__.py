"""Official documents as PDF: A4, English and Chinese side by side, embedded type, QR code, pages numbered.

A document is a list of parts laid out in order. Words come as ``Bilingual`` (``both`` makes one of a
lazy translation). The same parts and the same ``created_at`` give the same bytes, so that a document
may be compared by its digest. The typeface is Noto Sans CJK SC from an installed package (SIL OFL).
"""

from portal.core.documents.bilingual import Bilingual, both
from portal.core.documents.official import Column, OfficialDocument
from portal.core.documents.pages import FontMissingError, find_font

__all__ = ["Bilingual", "Column", "FontMissingError", "OfficialDocument", "both", "find_font"]
