"""The sheet of paper: A4, our margins, one embedded typeface, a footer with numbers, single lines of text."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from django.utils.translation import gettext_lazy
from fpdf import FPDF
from fpdf.enums import TextMode

from portal.core.documents.bilingual import Bilingual, both
from portal.core.documents.lines import break_lines, chinese_pieces

INK, QUIET, RULE, SHADE = (22, 38, 62), (92, 104, 120), (196, 203, 212), (237, 241, 246)
MARGIN, GUTTER, WIDTH = 20.0, 8.0, 170.0  # mm on A4
LEADING = 1.45
POINT = 25.4 / 72
#: Where the typeface may be, with the face of the collection that has the simplified forms.
_DEBIAN_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
)


class FontMissingError(Exception):
    """No typeface with Chinese characters is installed."""


def find_font() -> tuple[Path, int]:
    """The file of the typeface and its face; raises ``FontMissingError`` where none is installed."""
    try:
        packaged = Path(str(files("noto_cjk_sans_otc").joinpath("NotoSansCJK-Regular.ttc")))
        if packaged.is_file():
            return packaged, 2
    except ModuleNotFoundError:
        pass
    for name, face in _DEBIAN_FONTS:
        if Path(name).is_file():
            return Path(name), face
    raise FontMissingError("install the package noto-cjk-sans-otc or Debian's fonts-noto-cjk")


class Pages(FPDF):
    """A4 pages with our margins, one typeface, and a footer."""

    def __init__(self, issuer: Bilingual, number: str) -> None:
        super().__init__(format="A4")
        self._issuer, self._number = issuer, number
        self._page_words = both(gettext_lazy("Page %(page)s of %(pages)s"), page="{page}", pages="{nb}")
        path, face = find_font()
        self.add_font("official", fname=path, collection_font_number=face)
        self.set_margins(MARGIN, 18, MARGIN)
        self.set_auto_page_break(auto=True, margin=22)
        self.set_font("official", size=10)
        self.c_margin = 0

    def footer(self) -> None:
        """Issuer on the left, number and page on the right, in both languages."""
        self.set_y(-16)
        self.hairline(MARGIN, MARGIN + WIDTH)
        self.set_y(-14.5)
        self.write_line(f"{self._issuer.zh}  {self._issuer.en}", 7.5, colour=QUIET)
        page = str(self.page_no())
        words = f"{self._page_words.zh}  {self._page_words.en}".replace("{page}", page)
        self.set_y(-14.5)
        text = f"{self._number}   {words}" if self._number else words
        self.set_font_size(7.5)
        self.set_x(MARGIN)
        self.cell(WIDTH, 7.5 * POINT * LEADING, text, align="R")

    def write_line(
        self, text: str, size: float, *, colour: tuple[int, int, int] = INK, bold: bool = False
    ) -> None:
        """One line at the current place; the next place is below it at the left margin."""
        self.set_font_size(size)
        self.set_text_color(*colour)
        height = size * POINT * LEADING
        if bold:
            # The package has the regular weight only: a thin outline in the same ink makes it heavier.
            with self.local_context(
                text_mode=TextMode.FILL_STROKE, line_width=size * 0.009, draw_color=colour
            ):
                self.cell(0, height, text)
        else:
            self.cell(0, height, text)
        self.set_xy(MARGIN, self.get_y() + height)

    def text_width(self, text: str, size: float) -> float:
        """The width of a text in mm."""
        self.set_font_size(size)
        return float(self.get_string_width(text))

    def lines_zh(self, text: str, width: float, size: float) -> list[str]:
        """Lines of Chinese text: broken anywhere but inside Latin words and around punctuation."""
        self.set_font_size(size)
        return [
            line
            for part in text.split("\n")
            for line in break_lines(chinese_pieces(part), width, self.get_string_width)
        ]

    def lines_en(self, text: str, width: float, size: float) -> list[str]:
        """Lines of English text: broken at blanks."""
        self.set_font_size(size)
        pieces = [f"{word} " for word in text.split()]
        return break_lines(pieces, width, self.get_string_width)

    def ensure(self, height: float) -> None:
        """Begin a new page where less than ``height`` mm are left."""
        if self.will_page_break(height):
            self.add_page()

    def hairline(self, left: float, right: float) -> None:
        """A thin line at the current height."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.15)
        self.line(left, self.get_y(), right, self.get_y())

    def rule(self, space: float) -> None:
        """A line across, with space above and below."""
        self.ln(space)
        self.set_draw_color(*INK)
        self.set_line_width(0.4)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(space)
