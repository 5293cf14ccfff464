"""A look through the parts of a workbook before the reader opens it.

Every part is unpacked once, a megabyte at a time. This finds what the reader would not survive
(entities, a stray cell that spans a billion) and what it would drop silently (error values, formulas
that were never calculated, merged cells' place being the reader's own). ECMA-376 part 1, §18.3.1.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError  # nosec B405 - names only; defusedxml parses

from defusedxml import ElementTree

from portal.core.tabular.faults import RefusalError
from portal.core.tabular.sheet_scan import SheetScan
from portal.core.tabular.sniff import BROKEN_ARCHIVE, check_directory, refuse_nested
from portal.core.tabular.tables import Limits

_BLOCK = 1 << 20
_SMALL_PART = 5_000_000
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetFindings:
    """What was seen in one sheet: cells (row, column from 1) that the reader would show as blank."""

    spoiled: dict[tuple[int, int], tuple[str, str]]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was seen in a workbook: its visible sheets in order, their findings, and our own marks."""

    visible: list[str]
    sheets: dict[str, SheetFindings]
    marks: dict[str, str] = field(default_factory=dict)


def look_through(data: bytes, limits: Limits) -> Findings:
    """Judge a workbook part by part; raises ``RefusalError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_directory(archive, len(data), limits)
            scans = {part.filename: _walk(archive, part, limits) for part in archive.infolist()}
            return _findings(archive, {name: scan for name, scan in scans.items() if scan is not None})
    except (ParseError, *BROKEN_ARCHIVE) as error:
        raise RefusalError("damaged") from error


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> SheetScan | None:
    """Unpack one part to its end; the checksum at its end catches a directory that lies."""
    seam = b""
    with archive.open(part) as stream:
        block = stream.read(_BLOCK)
        refuse_nested(block)
        is_xml = block.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        scan = SheetScan(limits) if is_xml and b"worksheet" in block else None
        if is_xml or part.filename.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_encodings(block)
        while block:
            if is_xml and _ENTITIES.search(seam + block):
                raise RefusalError("xml_entities")
            seam = block[-16:]
            if scan is not None:
                scan.feed(block)
            block = stream.read(_BLOCK)
    if scan is not None:
        scan.finish()
    return scan


def _refuse_encodings(start: bytes) -> None:
    """Only UTF-8 may be searched as bytes; any other encoding could hide an entity."""
    declared = _ENCODING.search(start[:300])
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise RefusalError("damaged")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start[:64]:
        raise RefusalError("damaged")


def _findings(archive: zipfile.ZipFile, scans: dict[str, SheetScan]) -> Findings:
    root = next((n for n in archive.namelist() if posixpath.basename(n).lower() == "workbook.xml"), "")
    if not root:
        raise RefusalError("damaged")
    folder = posixpath.dirname(root)
    targets = {
        node.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, node.get("Target", ""))).lstrip(
            "/"
        )
        for node in _small(archive, f"{folder}/_rels/workbook.xml.rels".lstrip("/"))
    }
    visible, sheets = [], {}
    for node in _small(archive, root).iter():
        if _local(node) != "sheet" or not (name := node.get("name")):
            continue
        if node.get("state", "visible") == "visible":
            visible.append(name)
        scan = scans.get(targets.get(node.get(_ID) or node.get(_STRICT_ID) or "", ""))
        if scan is not None:
            sheets[name] = SheetFindings(scan.spoiled, scan.last_row, scan.last_column)
    return Findings(visible, sheets, _marks(archive))


def _marks(archive: zipfile.ZipFile) -> dict[str, str]:
    """Custom document properties as texts: our template says there what it was made for."""
    if "docProps/custom.xml" not in archive.namelist():
        return {}
    found = {}
    for node in _small(archive, "docProps/custom.xml"):
        if _local(node) == "property" and len(node):
            found[node.get("name", "")] = (node[0].text or "")[:200]
    return found


def _small(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > _SMALL_PART:
        raise RefusalError("damaged")
    return ElementTree.fromstring(archive.read(name))


def _local(node: Element) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
