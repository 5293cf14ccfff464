"""What kind of file a paper is, told from its bytes and never from its name."""

from __future__ import annotations

import io
import zipfile
from typing import Final

MACROS: Final = "vbaProject.bin"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDS: Final = 2_048
TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PaperUnfit(ValueError):
    """A file that is not taken; ``code``: empty, unknown_type, broken, macros, encrypted."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def type_of(data: bytes) -> str:
    """The content type of a PDF, PNG, JPEG, DOCX or XLSX. Raises PaperUnfit for anything else."""
    if not data:
        raise PaperUnfit("empty")
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _whole(data, b"IEND", "png")
    if data.startswith(b"\xff\xd8\xff"):
        return _whole(data, b"\xff\xd9", "jpg")
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(_OLD_OFFICE):  # the old Office formats, and the new ones under a password
        raise PaperUnfit("encrypted")
    raise PaperUnfit("unknown_type")


def _whole(data: bytes, end: bytes, kind: str) -> str:
    if end not in data[-_ENDS:]:
        raise PaperUnfit("broken")
    return TYPES[kind]


def _pdf(data: bytes) -> str:
    tail = data[-_ENDS:]
    if b"%%EOF" not in tail:
        raise PaperUnfit("broken")
    if b"/Encrypt" in tail:
        raise PaperUnfit("encrypted")
    return TYPES["pdf"]


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = set(file.namelist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise PaperUnfit("broken") from error
    if any(name.rpartition("/")[2] == MACROS for name in names):
        raise PaperUnfit("macros")
    if "word/document.xml" in names:
        return TYPES["docx"]
    if "xl/workbook.xml" in names:
        return TYPES["xlsx"]
    raise PaperUnfit("unknown_type")
