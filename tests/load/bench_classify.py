"""How fast a million goods are classified, beside what a hand-written mask of pandas would cost.

The masks decide magnets, oxides, compounds and metals of the list by the same settings, with no explanation, no dates and no
list that can change: the least that any program must do.
"""

import statistics
import time
from datetime import date

import numpy as np
import pandas as pd

from licensing.domain.classification import VERDICTS, classify, classify_columns, columns_of_frame
from licensing.domain.classification.contents import MICRO
from tests.licensing.lists import control_list, good

LINES, ROUNDS = 1_000_000, 5
FIGURES = "classification"
FORMS = (
    "magnet",
    "oxide",
    "alloy",
    "metal",
    "compound",
    "magnet",
    "target",
    "assembly",
    "scrap",
    "concentrate",
)
FAMILIES = {"magnet": ("ndfeb", "ndfeb", "ndfeb", "smco", "other"), "alloy": ("ndfeb", "smco", "other")}
PARTNERS = ("fe;b", "co", "al", "fe", "")
LEAST = MICRO // 10
SEVEN = ("sm", "gd", "tb", "dy", "lu", "sc", "y")


def goods(lines=LINES):
    """Return goods from plain arithmetic, the same at every run: every form, every third element unmeasured somewhere."""
    row = np.arange(lines)
    form = np.array(FORMS, dtype=object)[row % len(FORMS)]
    family = np.full(lines, None, dtype=object)
    for name, words in FAMILIES.items():
        rows = np.flatnonzero(form == name)
        family[rows] = np.array(words, dtype=object)[rows // 10 % len(words)]
    frame = {
        "on": pd.to_datetime(np.array(["2026-06-01", "2026-06-02"], dtype="datetime64[D]")[row // 1000 % 2]),
        "form": pd.Categorical(form),
        "family": pd.Categorical(family),
        "processing_level": pd.Categorical(np.array(["bulk", "primary_shape"], dtype=object)[row % 2]),
        "partners": pd.Categorical(np.array(PARTNERS, dtype=object)[row // 7 % len(PARTNERS)]),
    }
    for place, symbol in enumerate(control_list().symbols):
        content = (row * (place + 3) * 7919) % (2 * MICRO)
        content = np.where(row * (place + 5) % 11 < 5, 0, content)
        frame[f"{symbol}_pct"] = np.where(row * (place + 1) % 13 == 0, -1, content)
    return pd.DataFrame(frame)


def masks(frame):
    """Return verdicts (0, 1, 2) by hand-written masks."""
    verdict = np.zeros(len(frame), np.int8)
    magnet, ndfeb = frame["form"] == "magnet", frame["family"] == "ndfeb"
    dy, tb, sm = frame["dy_pct"], frame["tb_pct"], frame["sm_pct"]
    together = dy.clip(lower=0) + tb.clip(lower=0)
    licence = magnet & ndfeb & (together >= LEAST)
    assay = magnet & ndfeb & ~licence & ((dy < 0) | (tb < 0))
    licence |= magnet & (frame["family"] == "smco") & ((sm < 0) | (sm >= LEAST))
    for form in ("oxide", "compound", "metal", "target"):
        of_form = frame["form"] == form
        for symbol in SEVEN:
            licence |= of_form & (frame[f"{symbol}_pct"] >= LEAST)
            assay |= of_form & (frame[f"{symbol}_pct"] < 0)
    alloy = frame["form"] == "alloy"
    total = sum(frame[f"{symbol}_pct"].clip(lower=0) for symbol in control_list().symbols)
    for symbol, partners in (
        ("sm", "co fe ni al mg"),
        ("gd", "mg al"),
        ("tb", "co"),
        ("dy", "fe"),
        ("sc", "al cu mg"),
        ("y", "al cu fe mg ni"),
    ):
        content = frame[f"{symbol}_pct"]
        for partner in partners.split():
            named = alloy & frame["partners"].isin([text for text in PARTNERS if partner in text.split(";")])
            licence |= named & (content >= LEAST) & (content * 2 >= total)
            assay |= named & (content < 0)
    verdict[assay.to_numpy()] = 1
    verdict[licence.to_numpy()] = 2
    return verdict


def seconds(function, *values):
    """Return the median of some rounds."""
    taken = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        function(*values)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def judged(frame):
    return classify_columns(columns_of_frame(frame, control_list()), control_list())


def explained(count):
    """Return the seconds for magnets that are all different, with words in both languages for each entry considered."""
    many = [
        good(f"nd=29 pr=1 dy={number / 10_000} tb=0.01", id=str(number), form="magnet", family="ndfeb")
        for number in range(count)
    ]
    return seconds(lambda: classify(many, control_list(), on=date(2026, 6, 1)))


def measure():
    """Return lines a second, beside the masks; and one call of the API's largest size with its explanations."""
    frame = goods()
    verdicts, by_hand = judged(frame).verdict, masks(frame)
    decided = np.isin(frame["form"], ("magnet", "oxide", "compound", "metal")) & (frame["family"] != "other")
    same = (verdicts == by_hand)[decided].mean()
    ours, theirs = seconds(judged, frame), seconds(masks, frame)
    shares = {name: int((verdicts == code).sum()) for code, name in enumerate(VERDICTS)}
    return {
        "lines": LINES,
        "seconds": round(ours, 3),
        "lines_a_second": round(LINES / ours),
        "pandas_masks_seconds": round(theirs, 3),
        "ratio_to_pandas_masks": round(ours / theirs, 2),
        "agreement_with_the_masks_where_they_decide": round(float(same), 4),
        "verdicts": shares,
        "10,000_goods_with_explanations_seconds": round(explained(10_000), 3),
    }
