"""Odd workbooks: archives that lie, parts changed with a knowledge of what stands in them, bombs."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from functools import cache
from random import Random

import openpyxl

from tests.hostile.texts import HEAD, ROW, Maker, flip, joined, rows

SHEET, WORKBOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Parts = dict[str, bytes]


@cache
def _plain() -> tuple[tuple[str, bytes], ...]:
    book = openpyxl.Workbook()
    book.active.title = "Lines"
    target = io.BytesIO()
    book.save(target)
    parts = parts_of(target.getvalue())
    # openpyxl writes the time of day into it
    parts["docProps/core.xml"] = re.sub(
        rb"20\d\d-[^<]*Z", b"2026-01-01T00:00:00Z", parts["docProps/core.xml"]
    )
    return tuple(_as_excel_writes(parts).items())


def _as_excel_writes(parts: Parts) -> Parts:
    """Texts in a part of their own, numbers with a style, the extent said."""
    texts = list(dict.fromkeys([*HEAD, *ROW, "made"]))
    table = [HEAD, ROW, ROW, ["made", "P-01", "2", "2", "C-01", "2026-05-03", "4402", "x"]]
    body = ""
    for number, row in enumerate(table, start=1):
        cells = [
            f'<c r="{chr(65 + at)}{number}" t="s"><v>{texts.index(text)}</v></c>'
            if text in texts
            else f'<c r="{chr(65 + at)}{number}" s="0" t="n"><v>2</v></c>'
            for at, text in enumerate(row)
        ]
        body += f'<row r="{number}" spans="1:8">{"".join(cells)}</row>'
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    kind = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = re.sub(
        rb"<sheetData ?/>|<sheetData>.*</sheetData>", f"<sheetData>{body}</sheetData>".encode(), parts[SHEET]
    )
    relation = (
        b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
        b' Target="sharedStrings.xml" Id="rId9"/></Relationships>'
    )
    told = (
        b'<Override PartName="/xl/sharedStrings.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    return parts | {
        SHEET: sheet.replace(b'ref="A1"', b'ref="A1:H4"', 1),
        STRINGS: f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{kind}" count="{len(texts)}">{strings}</sst>'.encode(),
        RELATIONS: parts[RELATIONS].replace(b"</Relationships>", relation),
        TYPES: parts[TYPES].replace(b"</Types>", told),
    }


def parts_of(data: bytes) -> Parts:
    """The parts of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain() -> Parts:
    """A small workbook of a filing's lines, in its parts."""
    return dict(_plain())


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as an archive, the same bytes every time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def filled(rng: Random) -> Parts:
    """The workbook with odd texts in its cells, as openpyxl would never write them."""
    parts = plain()
    table = rows(rng, 12)
    cells = []
    for number, row in enumerate(table, start=1):
        made = "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{_escaped(text)}</t></is></c>'
            for at, text in enumerate(row)
        )
        cells.append(f'<row r="{number}">{made}</row>')
    parts[SHEET] = re.sub(
        rb"<sheetData>.*</sheetData>",
        lambda _: f"<sheetData>{''.join(cells)}</sheetData>".encode(),
        parts[SHEET],
        flags=re.DOTALL,
    )
    return parts


def _escaped(text: str) -> str:
    text = _CONTROLS.sub("_", text.encode("utf-8", "replace").decode())
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def odd_cells(rng: Random) -> bytes:
    return zipped(filled(rng))


def flipped(rng: Random) -> bytes:
    return flip(rng, zipped(plain()))


def flipped_part(rng: Random) -> bytes:
    parts = plain()
    name = rng.choice(sorted(parts))
    parts[name] = flip(rng, parts[name], 8)
    return zipped(parts)


#: What in a part is replaced by what, with a knowledge of what stands there (ECMA-376).
EDITS: list[tuple[str, bytes, list[bytes]]] = [
    (SHEET, rb'r="B2"', [b'r="XFD1048576"', b'r="A0"', b'r="-1"', b'r="ZZZZ9"', b'r="B99999999999999999999"', b'r=""', b"", b'r="2B"']),
    (SHEET, rb'<row r="2"', [b'<row r="1048576"', b'<row r="0"', b'<row r="-5"', b'<row r="99999999999"', b'<row r="x"', b"<row", b'<row r="1"']),
    (SHEET, rb'ref="[A-Z0-9:]+"', [b'ref="A1:XFD1048576"', b'ref="XFD1048576:A1"', b'ref="A1"', b'ref=":::"', b'ref=""', b'ref="A1:ZZZZZZZ1"']),
    (SHEET, rb't="n"', [b't="x"', b't="e"', b't="b"', b't="d"', b't="s"', b't="str"', b't=""', b't="inlineStr"']),
    (SHEET, rb"<v>2</v>", [b"<v>NaN</v>", b"<v>1e308</v>", b"<v>-1e309</v>", b"<v>inf</v>", b"<v>0x10</v>", b"<v/>", b"<v>" + b"9" * 5_000 + b"</v>",
        b"<v>1e-400</v>", b"<v> 2 </v>", b"<v>2</v><v>3</v>", b"<f>1/0</f>", b"<f>SUM(A1:XFD1048576)</f><v></v>", b"<v>\xef\xbc\x91</v>"]),
    (SHEET, rb't="s"><v>\d+</v>', [b't="s"><v>99999999999</v>', b't="s"><v>-1</v>', b't="s"><v>1e9</v>', b't="s"><v></v>', b't="s"><v>abc</v>']),
    (SHEET, rb"<sheetData>", [b"<sheetData><sheetData>", b"<sheetData/>", b"", b"<!-- <sheetData> -->", b"<sheetData><![CDATA[<row>]]>",
        b"<a>" * 50_000 + b"<sheetData>", b"<sheetData><row>" + b"<c><v>1</v></c>" * 20_000 + b"</row>"]),
    (SHEET, rb"</sheetData>", [b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 3_000 + b"</mergeCells>", b"",
        b"</sheetData></sheetData>", b'</sheetData><mergeCells><mergeCell ref="B2:A1"/><mergeCell ref="x"/></mergeCells>']),
    (SHEET, rb's="\d+"', [b's="4294967295"', b's="-1"', b's="x"']),
    (SHEET, rb"<worksheet", [b"<?xml version='1.0' encoding='UTF-16'?><worksheet", b"<!DOCTYPE a><worksheet", b"<x:worksheet", b"<chartsheet", b"<worksheet" + b" a='1'" * 9_000]),
    (STRINGS, rb"<si>", [b"<si><r><rPr/><t>", b"<si><t>" + b"A" * 3_000_000 + b"</t></si><si>", b"<si/>" * 90_000 + b"<si>", b"<x>", b"<si><rPh sb='0' eb='1'><t>x</t></rPh>"]),
    (STRINGS, rb"<t>", [b"<t>_x0000__xFFFF__xD800_", b"<t>&#0;", b"<t>&#x10FFFF;", b"<t>&#xD800;", b"<t>&lol;", b"<t xml:space='preserve'>   "]),
    (WORKBOOK, rb'name="Lines"', [b'name="' + b"L" * 70_000 + b'"', b'name=""', b'name="../x"', b"", b'name="&#10;"']),
    (WORKBOOK, rb'state="visible"', [b'state="veryHidden"', b'state="hidden"', b'state="x"', b""]),
    (WORKBOOK, rb"<sheets>", [b"<sheets/>", b"<sheets>" + b'<sheet name="a" sheetId="1" r:id="rId1"/>' * 5_000, b""]),
    (WORKBOOK, rb'r:id="rId\d"', [b'r:id="rId99"', b'r:id=""', b"", b'r:id="rId2"']),
    (RELATIONS, rb'Target="[^"]*sheet1.xml"', [b'Target="/etc/passwd"', b'Target="../../../x"', b'Target="http://127.0.0.1:9/x" TargetMode="External"',
        b'Target=""', b'Target="workbook.xml"', b'Target="sharedStrings.xml"', b'Target="\\\\xl\\\\worksheets\\\\sheet1.xml"']),
    (TYPES, rb"spreadsheetml.sheet.main\+xml", [b"spreadsheetml.template.main+xml", b"ms-excel.sheet.macroEnabled.main+xml", b"x", b"ms-excel.sheet.binary.macroEnabled.main"]),
]  # fmt: skip


def edited(rng: Random) -> bytes:
    parts = filled(rng) if rng.random() < 0.3 else plain()
    for name, found, instead in rng.choices(EDITS, k=rng.choice((1, 1, 2, 4))):
        chosen = rng.choice(instead)
        if name in parts:
            parts[name] = re.sub(found, lambda _: chosen, parts[name], count=rng.choice((1, 1, 0)))  # noqa: B023 - used at once
        if len(parts.get(name, b"")) > 20_000_000:
            break
    return zipped(parts)


def odd_parts(rng: Random) -> bytes:
    """Parts missing, renamed, doubled in another case, added."""
    parts = plain()
    name = rng.choice(sorted(parts))
    match rng.randrange(7):
        case 0:
            del parts[name]
        case 1:
            parts[name.upper()] = parts.pop(name)
        case 2:
            parts[
                rng.choice(
                    (
                        "../../evil.xml",
                        "/abs.xml",
                        "C:\\x.xml",
                        "xl\\workbook.xml",
                        "a" * 60_000,
                        "\u202e.xml",
                        "nul\x00.xml",
                    )
                )
            ] = b"<a/>"
        case 3:
            parts[
                rng.choice(
                    (
                        "xl/vbaProject.bin",
                        "xl/embeddings/o.bin",
                        "xl/macrosheets/a.xml",
                        "mimetype",
                        "xl/media/a.png",
                    )
                )
            ] = rng.randbytes(50)
        case 4:
            parts["xl/inner.xlsx"] = zipped(plain())
        case 5:
            parts |= {f"xl/extra{number}.xml": b"<a/>" for number in range(rng.choice((50, 2_000)))}
        case _:
            parts[name] = rng.choice((b"", b"\x00", b"<", parts[TYPES], rng.randbytes(400)))
    return zipped(
        parts, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    )


def reencoded(rng: Random) -> bytes:
    """A part in another encoding, as a hiding place."""
    parts = plain()
    name = rng.choice((SHEET, WORKBOOK, STRINGS, TYPES, RELATIONS))
    text = parts[name].decode()
    encoding = rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "utf-8-sig", "gb18030"))
    said = rng.choice((f'<?xml version="1.0" encoding="{encoding}"?>', "", '<?xml version="1.1"?>'))
    parts[name] = (said + re.sub(r"<\?xml[^>]*\?>", "", text)).encode(encoding, "replace")
    return zipped(parts)


def entities(rng: Random) -> bytes:
    """Definitions in a part: a bomb, a file of the machine, an address, one that hides behind a megabyte."""
    parts = plain()
    name = rng.choice((SHEET, WORKBOOK, STRINGS, TYPES, RELATIONS, "docProps/core.xml", "xl/styles.xml"))
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    said = rng.choice(
        (
            f'<!DOCTYPE a [<!ENTITY l0 "lol">{nested}]>', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">', '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
            f'<!DOCTYPE a [<!ENTITY q "{"A" * 90_000}">]>', "<!--" + "x" * 1_100_000 + '--><!DOCTYPE a [<!ENTITY l "x">]>',
        )
    )  # fmt: skip
    body = re.sub(rb"<\?xml[^>]*\?>", b"", parts[name])
    parts[name] = b'<?xml version="1.0"?>' + said.encode() + body.replace(b"</", b"&l9;&x;&q;</", 1)
    return zipped(parts)


def lying(rng: Random) -> bytes:
    """An archive whose directory says what is not so."""
    data = bytearray(zipped(plain()))
    entries = [found.start() for found in re.finditer(rb"PK\x01\x02", data)]
    heads = [found.start() for found in re.finditer(rb"PK\x03\x04", data)]
    at, head = rng.choice(entries), rng.choice(heads)
    large = struct.pack("<I", rng.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 400_000_000)))
    match rng.randrange(7):
        case 0:
            data[at + 24 : at + 28] = large  # unpacked size
        case 1:
            data[at + 20 : at + 24] = large  # packed size
        case 2:
            data[at + 42 : at + 46] = struct.pack(
                "<I", rng.choice((*heads, 0xFFFFFFFE))
            )  # two parts from one place
        case 3:
            data[at + 10 : at + 12] = data[head + 8 : head + 10] = struct.pack(
                "<H", rng.choice((1, 9, 12, 14, 93, 99))
            )
        case 4:
            data[at + 8] |= 0x1  # encrypted
        case 5:
            data[at + 28 : at + 32] = struct.pack("<HH", 65_535, 65_535)
        case _:
            data = (
                bytearray(rng.randbytes(rng.randint(1, 500))) + data
                if rng.random() < 0.5
                else data + b"\x00" * rng.randint(1, 70_000)
            )
    return bytes(data)


def bomb(rng: Random) -> bytes:
    """Megabytes of nothing in a few bytes, in a place that is read and in one that is not."""
    size = rng.choice((20, 120, 290, 400)) * 1_000_000
    parts = plain()
    name = rng.choice((SHEET, STRINGS, "xl/media/image1.png", "xl/styles.xml"))
    start = parts.pop(name, b"").rpartition(b"</")[0]
    filling = rng.choice((b"\x00", b" ", b"A", b"<a>", b"<si/>"))
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive = io.BytesIO(zipped(parts))
    with (
        zipfile.ZipFile(archive, "a", compresslevel=1) as book,
        book.open(info, "w", force_zip64=True) as part,
    ):
        part.write(start)
        for _ in range(size // 1_000_000):
            part.write(filling * (1_000_000 // len(filling)))
    return archive.getvalue()


def very_many(rng: Random) -> bytes:
    """More rows, columns or texts than anybody files, packed tightly."""
    parts = plain()
    head = parts[SHEET].partition(b"<sheetData>")[0] + b"<sheetData>"
    first = parts[SHEET].partition(b"<sheetData>")[2].partition(b"</row>")[0] + b"</row>"
    row = rng.choice(
        (
            b'<row><c t="s"><v>0</v></c><c><v>%d</v></c></row>',
            b"<row/>",
            b'<row s="1"/>',
            b'<row><c t="inlineStr"><is><t>x%d</t></is></c></row>',
        )
    )
    count = rng.choice((3_000, 60_000, 150_000))
    body = b"".join(row % at if b"%d" in row else row for at in range(count))
    if rng.random() < 0.3:
        body = b"<row>" + b"<c><v>1</v></c>" * rng.choice((300, 20_000, 1_000_000)) + b"</row>"
    parts[SHEET] = head + first + body + b"</sheetData></worksheet>"
    return zipped(parts)


def nested(rng: Random) -> bytes:
    """Archives in archives, and archives that are no workbook."""
    inner = zipped(plain())
    for _ in range(rng.randint(1, 20)):
        inner = zipped({rng.choice(("a.xlsx", "a.zip", "a.csv", "xl/workbook.xml")): inner})
    return rng.choice(
        (
            inner,
            zipped({"lines.csv": joined(rows(rng)).encode()}),
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        )
    )


def odd_names(rng: Random) -> bytes:
    """The table on sheets of odd titles, several times, hidden."""
    book = openpyxl.Workbook()
    for title in rng.sample(
        ["Lines", "明细", "申报明细", "Sheet", "lines ", "L" * 31, "a.b", "🧲", "=1+1", "O'Brien"], 3
    ):
        page = book.create_sheet(title)
        for row in rows(rng, 4):
            page.append([_CONTROLS.sub("", text)[:32_000] or None for text in row])
        page.sheet_state = rng.choice(("visible", "hidden", "veryHidden"))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def checksums(rng: Random) -> bytes:
    """A part whose checksum is right though its stream was changed, and one whose checksum is wrong."""
    data = bytearray(zipped(plain()))
    at = rng.choice([found.start() for found in re.finditer(rb"PK\x01\x02", data)])
    data[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(rng.randbytes(4)))
    return bytes(data)


#: Each with its share: what is large to make comes seldom.
MAKERS: list[tuple[Maker, int]] = [
    (odd_cells, 140), (flipped, 160), (flipped_part, 200), (edited, 400), (odd_parts, 120), (reencoded, 60), (entities, 60), (lying, 120),
    (bomb, 8), (very_many, 12), (nested, 40), (odd_names, 30), (checksums, 20),
]  # fmt: skip
