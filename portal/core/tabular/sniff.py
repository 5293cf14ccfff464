"""What a file really is, by its first bytes and its structure; its name is only compared with that.

Whatever is not a plain workbook or a plain text is refused here, before any reader opens it: the
sizes of a packed file are summed, and every part is unpacked once with a counter, so that neither a
bomb nor a lying directory reaches the readers. Workbook parts are looked through in ``parts``.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath

from portal.core.tabular.faults import RefusalError
from portal.core.tabular.tables import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES_AND_OTHERS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg")
_BOMS_16 = (b"\xff\xfe", b"\xfe\xff")
_MACRO_TYPES = (b"macroEnabled", b"vnd.ms-office.vbaProject")
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", _OLE, b"7z\xbc\xaf", b"Rar!", b"%PDF")
_BLOCK = 1 << 20
#: What the archive library raises for broken files: it has no common type.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    LookupError,
    ValueError,
    OSError,
)


def sniff(data: bytes, filename: str, limits: Limits) -> str:
    """``xlsx``, ``csv`` or ``csv.gz``; raises ``RefusalError`` for everything else."""
    if not data.strip(b"\x00 \t\r\n"):
        raise RefusalError("empty_file")
    if len(data) > limits.max_bytes:
        raise RefusalError("too_large", megabytes=limits.max_bytes // 1_000_000)
    suffix = PurePath(filename.lower()).suffix
    if data.startswith(b"PK\x03\x04"):
        _refuse_other_archives(data)
        return "xlsx"
    if data.startswith(b"\x1f\x8b"):
        return "csv.gz"
    refuse_what_is_no_text(data)
    if suffix in {".xlsx", ".xlsm", ".xls", ".gz"}:
        raise RefusalError("wrong_extension", extension=suffix)
    return "csv"


def refuse_what_is_no_text(data: bytes) -> None:
    """Raise ``RefusalError`` unless the bytes may be a text of cells."""
    if data.startswith(_OLE):
        names = data[:4_000_000]
        raise RefusalError("encrypted" if "EncryptedPackage".encode("utf-16-le") in names else "old_excel")
    if b"%PDF-" in data[:1024]:
        raise RefusalError("pdf")
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise RefusalError("nested_archive")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_PICTURES_AND_OTHERS) or start.startswith(_MARKUP):
        raise RefusalError("not_a_table")
    head = data[:8192]
    controls = sum(byte < 32 and byte not in (0, 9, 10, 12, 13) for byte in head)
    if not head.startswith(_BOMS_16) and controls * 20 > len(head):
        raise RefusalError("not_a_table")


def unpack_gzip(data: bytes, limits: Limits) -> bytes:
    """The text inside a ``.csv.gz``, never more than the limit; an archive in it is refused."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(data, limits.max_unpacked_bytes + 1)
    except zlib.error as error:
        raise RefusalError("damaged") from error
    if len(text) > limits.max_unpacked_bytes:
        raise RefusalError("too_large_unpacked", megabytes=limits.max_unpacked_bytes // 1_000_000)
    if len(text) > _BLOCK and len(text) > limits.max_ratio * len(data):
        raise RefusalError("packed_too_tightly")
    if not unpacker.eof:
        raise RefusalError("damaged")
    if not text.strip():
        raise RefusalError("empty_file")
    refuse_what_is_no_text(text)
    return text


def _refuse_other_archives(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
            if "mimetype" in names:
                kind = archive.getinfo("mimetype")
                is_sheet = kind.file_size < 200 and b"opendocument" in archive.read(kind)
                raise RefusalError("open_document" if is_sheet else "not_a_table")
            if "[Content_Types].xml" not in names:
                raise RefusalError("nested_archive" if _holds_a_table(names) else "not_a_table")
    except BROKEN_ARCHIVE as error:
        raise RefusalError("damaged") from error


def _holds_a_table(names: set[str]) -> bool:
    return any(name.lower().endswith((".xlsx", ".xls", ".csv", ".zip", ".gz")) for name in names)


def check_directory(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Judge a workbook by its list of parts alone, before one of them is unpacked."""
    parts = archive.infolist()
    if len(parts) > limits.max_parts:
        raise RefusalError("too_many_parts")
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusalError("encrypted")
    total = sum(part.file_size for part in parts)
    if total > limits.max_unpacked_bytes:
        raise RefusalError("too_large_unpacked", megabytes=limits.max_unpacked_bytes // 1_000_000)
    if total > _BLOCK and total > limits.max_ratio * packed:
        raise RefusalError("packed_too_tightly")
    names = [part.filename.replace("\\", "/").lower() for part in parts]
    if len(set(names)) != len(names):
        raise RefusalError("damaged")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise RefusalError("macros")
    if any(name.startswith("xl/embeddings/") for name in names):
        raise RefusalError("embedded_files")
    _refuse_content_types(archive)


def _refuse_content_types(archive: zipfile.ZipFile) -> None:
    info = archive.getinfo("[Content_Types].xml")
    if info.file_size > _BLOCK:
        raise RefusalError("damaged")
    types = archive.read(info)
    if any(word in types for word in _MACRO_TYPES):
        raise RefusalError("macros")
    if b"ms-excel.sheet.binary" in types:
        raise RefusalError("binary_workbook")
    if b"spreadsheetml" not in types:
        raise RefusalError("not_a_table")


def refuse_nested(first_bytes: bytes) -> None:
    """Raise ``RefusalError`` where a part of a workbook is itself an archive or a document."""
    if first_bytes.startswith(_ARCHIVES):
        raise RefusalError("embedded_files")
