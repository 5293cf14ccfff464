"""Charts drawn on the server as SVG: bars and lines, each with the table of its data. No script; they print and translate.

A chart is a plain value made by a view's query; ``components/_chart.html`` draws it. Geometry only: colours and type
are the stylesheet's, words are the caller's. Values are statistics (floats); exact figures stand in the table as words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, cos, floor, hypot, log10, pi, sin

WIDTH = 720
PLOT_LEFT, PLOT_RIGHT, PLOT_TOP = 64, 700, 12
BAR_HEIGHT, BAR_GAP, LABEL_WIDTH = 22, 10, 180
LINE_HEIGHT = 240
RING_MIDDLE, RING_WIDE, RING_HIGH = 145, 210, 95
LETTER = 7.2  # about the width of a letter of a label


@dataclass(frozen=True, slots=True)
class Point:
    """One value: its label, the figure in words, the list it leads to."""

    label: str
    value: float
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Values that belong together; ``tone`` is a class of the stylesheet (an element's: ``el-nd``)."""

    name: str
    points: Sequence[Point]
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale: where, and what it says."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawn value: a bar's box or a point's place."""

    point: Point
    x: float
    y: float
    width: float = 0
    height: float = 0
    tone: str = "accent"

    @property
    def middle(self) -> float:
        """The height at which the label's base line stands."""
        return self.y + self.height / 2 + 4

    @property
    def end(self) -> float:
        """Just after the bar, where its figure stands."""
        return self.x + self.width + 6


@dataclass(frozen=True, slots=True)
class Label:
    """Words with their middle at a place."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn series: its path, its points, and where its name stands."""

    series: Series
    path: str
    marks: Sequence[Mark]
    name_y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to be drawn, with what its table says."""

    title: str
    unit: str
    kind: str
    width: int
    height: int
    ticks: Sequence[Tick]
    series: Sequence[Series]
    bars: Sequence[Mark] = field(default_factory=tuple)
    lines: Sequence[Line] = field(default_factory=tuple)
    labels: Sequence[Tick] = field(default_factory=tuple)
    band: str = ""  # the path of what uncertainty explains
    nodes: Sequence[Mark] = field(default_factory=tuple)
    arrows: Sequence[str] = field(default_factory=tuple)
    beside: Sequence[Label] = field(default_factory=tuple)

    @property
    def rows(self) -> list[tuple[str, list[Point]]]:
        """The table: a row a label, a cell a series."""
        return [
            (first.label, [one.points[place] for one in self.series])
            for place, first in enumerate(self.series[0].points)
        ]


def scale(largest: float, steps: int = 4) -> list[float]:
    """Round values from zero to at least ``largest``: 1, 2 or 5 times a power of ten apart."""
    if largest <= 0:
        return [0.0, 1.0]
    rough = largest / steps
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    return [step * place for place in range(ceil(largest / step) + 1)]


def written(value: float) -> str:
    """A scale's figure, as short as it can be: 2,500 or 0.5."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"


def bar_chart(title: str, unit: str, series: Series) -> Chart:
    """Lying bars from zero, one a point, each with its figure at its end."""
    marks_at = scale(max((point.value for point in series.points), default=0))
    left, right = LABEL_WIDTH, PLOT_RIGHT - 80
    per_unit = (right - left) / marks_at[-1]
    bars = [
        Mark(
            point=point,
            x=left,
            y=PLOT_TOP + place * (BAR_HEIGHT + BAR_GAP),
            width=round(max(0.0, point.value) * per_unit, 2),
            height=BAR_HEIGHT,
            tone=series.tone,
        )
        for place, point in enumerate(series.points)
    ]
    height = PLOT_TOP + len(bars) * (BAR_HEIGHT + BAR_GAP) + 24
    ticks = [Tick(at=round(left + value * per_unit, 2), words=written(value)) for value in marks_at]
    return Chart(title, unit, "bars", WIDTH, height, ticks, [series], bars=bars)


def line_chart(title: str, unit: str, series: Sequence[Series]) -> Chart:
    """Lines over the same labels (months), the scale from zero, each line named at its end."""
    marks_at = scale(max((point.value for one in series for point in one.points), default=0))
    bottom, right = PLOT_TOP + LINE_HEIGHT, PLOT_RIGHT - 110
    per_unit = LINE_HEIGHT / marks_at[-1]
    count = len(series[0].points)
    apart = (right - PLOT_LEFT) / max(1, count - 1)

    def place(one: Series) -> list[Mark]:
        return [
            Mark(
                point=point,
                x=round(PLOT_LEFT + at * apart, 2),
                y=round(bottom - max(0.0, point.value) * per_unit, 2),
                tone=one.tone,
            )
            for at, point in enumerate(one.points)
        ]

    drawn = [(one, place(one)) for one in series]
    names = apart_enough([marks[-1].y for _, marks in drawn])
    lines = [
        Line(one, "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks), marks, name_y)
        for (one, marks), name_y in zip(drawn, names, strict=True)
    ]
    labels = _below(drawn[0][1], apart)
    ticks = [Tick(round(bottom - value * per_unit, 2), written(value)) for value in marks_at]
    return Chart(title, unit, "lines", WIDTH, bottom + 28, ticks, series, lines=lines, labels=labels)


def _below(marks: Sequence[Mark], apart: float) -> list[Tick]:
    """The labels under a line: as many, evenly, as do not touch one another."""
    widest = max((_width(mark.point.label) for mark in marks), default=0.0)
    every = max(1, ceil(len(marks) / 8), ceil((widest + 12) / max(apart, 1)))
    return [Tick(mark.x, mark.point.label) for mark in marks[::every]]


def _width(words: str) -> float:
    """About how wide words are in a chart's type, in its units."""
    return sum(LETTER if letter.isascii() else 2 * LETTER for letter in words)


def apart_enough(heights: Sequence[float], room: float = 16) -> list[float]:
    """Where names stand so that none touches another, each as near to its line's end as can be."""
    moved = list(heights)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + room)
    return moved


def signed_chart(
    title: str, unit: str, series: Sequence[Series], band: Sequence[tuple[float, float]] = ()
) -> Chart:
    """Lines over the same labels on a scale that begins where the values do and has nothing in it; ``band``: from and to by label."""
    values = [point.value for one in series for point in one.points] + [
        edge for pair in band for edge in pair
    ]
    low, high = min(0.0, *values), max(0.0, *values)
    step = scale((high - low) or 1.0)[1]
    steps = range(floor(low / step), ceil(high / step) + 1)
    bottom, right, per_unit = (
        PLOT_TOP + LINE_HEIGHT,
        PLOT_RIGHT - 110,
        LINE_HEIGHT / (max(1, len(steps) - 1) * step),
    )
    apart = (right - PLOT_LEFT) / max(1, len(series[0].points) - 1)

    def at(place: int, value: float) -> tuple[float, float]:
        return round(PLOT_LEFT + place * apart, 2), round(bottom - (value - steps[0] * step) * per_unit, 2)

    drawn = [
        (one, [Mark(point, *at(place, point.value), tone=one.tone) for place, point in enumerate(one.points)])
        for one in series
    ]
    names = apart_enough([marks[-1].y for _, marks in drawn])
    lines = [
        Line(one, "M" + " L".join(f"{mark.x} {mark.y}" for mark in marks), marks, name_y)
        for (one, marks), name_y in zip(drawn, names, strict=True)
    ]
    edges = [at(place, pair[1]) for place, pair in enumerate(band)]
    edges += reversed([at(place, pair[0]) for place, pair in enumerate(band)])
    path = "M" + " L".join(f"{x} {y}" for x, y in edges) + "Z" if edges else ""
    labels = _below(drawn[0][1], apart)
    ticks = [Tick(at(0, place * step)[1], written(round(place * step, 9))) for place in steps]
    return Chart(
        title, unit, "lines", WIDTH, bottom + 28, ticks, series, lines=lines, labels=labels, band=path
    )


def ring_chart(title: str, unit: str, points: Sequence[Point]) -> Chart:
    """Points round an oval, an arrow from each to the next and from the last to the first; the table says what passed."""
    turn = 2 * pi / max(1, len(points))
    places = [
        (WIDTH / 2 + RING_WIDE * sin(turn * at), RING_MIDDLE - RING_HIGH * cos(turn * at))
        for at in range(len(points))
    ]
    nodes = [Mark(point, round(x, 2), round(y, 2)) for point, (x, y) in zip(points, places, strict=True)]
    labels = [_beside(x, y, point.label) for point, (x, y) in zip(points, places, strict=True)]
    arrows = [_arrow(one, other) for one, other in zip(places, [*places[1:], *places[:1]], strict=True)]
    drawn = [Series(unit, points)]
    return Chart(title, unit, "ring", WIDTH, 290, (), drawn, nodes=nodes, arrows=arrows, beside=labels)


def _beside(x: float, y: float, words: str) -> Label:
    """A node's name above or below it, inside of the drawing."""
    half = min(_width(words), WIDTH) / 2 + 4
    at = min(max(x, half), WIDTH - half)
    return Label(round(at, 2), round(y + (-18 if y < RING_MIDDLE - 1 else 28), 2), words)


def _arrow(one: tuple[float, float], other: tuple[float, float]) -> str:
    """A line from node to node with its head, clear of both."""
    length = hypot(other[0] - one[0], other[1] - one[1]) or 1.0
    x, y = (other[0] - one[0]) / length, (other[1] - one[1]) / length
    aside = (-5 * y, 5 * x)
    begin = one[0] + 14 * x + aside[0], one[1] + 14 * y + aside[1]
    end = other[0] - 14 * x + aside[0], other[1] - 14 * y + aside[1]
    heads = [(end[0] - 9 * x + turn * 5 * y, end[1] - 9 * y - turn * 5 * x) for turn in (1, -1)]
    told = " L".join(f"{point[0]:.1f} {point[1]:.1f}" for point in (heads[0], end, heads[1]))
    return f"M{begin[0]:.1f} {begin[1]:.1f} L{end[0]:.1f} {end[1]:.1f} M{told}"
