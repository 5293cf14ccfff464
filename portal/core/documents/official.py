"""The parts of an official document, laid out in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import segno
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode
from fpdf.fonts import FontFace
from fpdf.prefs import ViewerPreferences

from portal.core.documents.bilingual import Bilingual
from portal.core.documents.pages import GUTTER, INK, LEADING, MARGIN, POINT, QUIET, RULE, SHADE, WIDTH, Pages


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, its share of the width, and on which side its text stands."""

    heading: Bilingual
    share: float = 1.0
    align: Literal["LEFT", "RIGHT", "CENTER"] = "LEFT"


class OfficialDocument:
    """A document being written from top to bottom; ``output`` ends it."""

    def __init__(
        self,
        title: Bilingual,
        *,
        issuer: Bilingual,
        created_at: dt.datetime,
        number: str = "",
        language: str = "zh-CN",
    ) -> None:
        self._pdf = Pages(issuer, number)
        self._pdf.set_title(f"{title.zh} {title.en}")
        self._pdf.set_author(f"{issuer.zh} {issuer.en}")
        self._pdf.set_creator("Lodestone")
        self._pdf.set_lang(language)
        self._pdf.set_creation_date(created_at)
        self._pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._pdf.add_page()
        self._title(title, number)

    def _title(self, title: Bilingual, number: str) -> None:
        pdf = self._pdf
        pdf.write_line(title.zh, 20, bold=True)
        pdf.write_line(title.en, 12, colour=QUIET)
        if number:
            pdf.ln(1.5)
            pdf.write_line(number, 12)
        pdf.rule(space=3.0)

    def heading(self, words: Bilingual) -> None:
        """A section's heading, kept with what follows."""
        pdf = self._pdf
        pdf.ensure(24)
        pdf.ln(2.5)
        at = pdf.get_y()
        pdf.write_line(words.zh, 12, bold=True)
        used = pdf.text_width(words.zh, 12) + 3
        if used + pdf.text_width(words.en, 10) < WIDTH:
            pdf.set_xy(MARGIN + used, at + 0.9)
        pdf.write_line(words.en, 10, colour=QUIET)
        pdf.set_y(max(pdf.get_y(), at + 12 * POINT * LEADING) + 1.5)

    def paragraph(self, words: Bilingual, *, size: float = 9.5) -> None:
        """A paragraph in two columns: Chinese on the left, English on the right."""
        pdf = self._pdf
        half = (WIDTH - GUTTER) / 2
        left, right = pdf.lines_zh(words.zh, half, size), pdf.lines_en(words.en, half, size)
        step = size * POINT * LEADING
        for i in range(max(len(left), len(right))):
            pdf.ensure(step)
            at = pdf.get_y()
            for x, lines in ((MARGIN, left), (MARGIN + half + GUTTER, right)):
                if i < len(lines):
                    pdf.set_xy(x, at)
                    pdf.write_line(lines[i], size)
            pdf.set_xy(MARGIN, at + step)
        pdf.ln(2)

    def facts(self, pairs: Sequence[tuple[Bilingual, str]], *, width: float = WIDTH) -> None:
        """A table of labels and values, a line each."""
        pdf, label = self._pdf, min(62.0, width * 0.45)
        for name, value in pairs:
            lines = pdf.lines_zh(value, width - label - 2, 10) or [""]
            step = 10 * POINT * LEADING
            names = [(line, 9.0) for line in pdf.lines_zh(name.zh, label - 3, 9)]
            names += [(line, 7.5) for line in pdf.lines_en(name.en, label - 3, 7.5)]
            height = max(len(lines) * step, sum(size * POINT * 1.3 for _, size in names)) + 1.6
            pdf.ensure(height)
            top = at = pdf.get_y() + 0.8
            for line, size in names:
                pdf.set_xy(MARGIN, at)
                pdf.write_line(line, size, colour=QUIET)
                at += size * POINT * 1.3
            for i, line in enumerate(lines):
                pdf.set_xy(MARGIN + label, top + i * step)
                pdf.write_line(line, 10)
            pdf.set_xy(MARGIN, top - 0.8 + height)
            pdf.hairline(MARGIN, MARGIN + width)
        pdf.ln(2)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, size: float = 8.0) -> None:
        """A table with its headings repeated on every page. Meant for hundreds of rows, not thousands."""
        pdf = self._pdf
        total = sum(column.share for column in columns)
        pdf.set_font_size(size)
        pdf.set_text_color(*INK)
        pdf.set_draw_color(*RULE)
        with pdf.table(
            width=WIDTH,
            col_widths=tuple(column.share / total * WIDTH for column in columns),
            text_align=tuple(column.align for column in columns),
            headings_style=FontFace(fill_color=SHADE, color=INK),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=size * POINT * 1.35,
            padding=(0.9, 1.6),
            wrapmode=WrapMode.CHAR,
        ) as table:
            table.row([f"{column.heading.zh}\n{column.heading.en}" for column in columns])
            for row in rows:
                table.row(list(row))
        pdf.ln(3)

    def code(self, content: str, caption: Bilingual, *, side: float = 30.0) -> None:
        """A QR code drawn in vectors, with words beside it; kept together."""
        pdf = self._pdf
        pdf.ensure(side + 6)
        pdf.ln(3)
        top = pdf.get_y()
        _draw_code(pdf, content, MARGIN, top, side)
        x, width = MARGIN + side + 5, WIDTH - side - 5
        at = top + 2
        for lines, size, colour in (
            (pdf.lines_zh(caption.zh, width, 9.5), 9.5, INK),
            (pdf.lines_en(caption.en, width, 9), 9.0, INK),
            (pdf.lines_zh(content, width, 7.5), 7.5, QUIET),
        ):
            for line in lines:
                pdf.set_xy(x, at)
                pdf.write_line(line, size, colour=colour)
                at += size * POINT * LEADING
            at += 1
        pdf.set_xy(MARGIN, max(at, top + side) + 3)

    def rule(self) -> None:
        """A line across the page."""
        self._pdf.rule(space=2.5)

    def output(self) -> bytes:
        """The PDF. The document must not be written to afterwards."""
        return bytes(self._pdf.output())


def _draw_code(pdf: FPDF, content: str, left: float, top: float, side: float) -> None:
    """Dark modules as rectangles, a run of them at a time, so that it prints sharp at any size."""
    matrix = [bytes(row) for row in segno.make(content, error="m", micro=False).matrix]
    module = side / len(matrix)
    pdf.set_fill_color(*INK)
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x]:
                run += 1
            if row[x]:
                pdf.rect(left + x * module, top + y * module, run * module, module, style="F")
            x += run
