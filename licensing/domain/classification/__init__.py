"""Whether goods are controlled, and why: pure rules over a version of the list, for one good or millions of lines."""

from licensing.domain.classification.columns import (
    ASSAY_REQUIRED,
    LICENCE_REQUIRED,
    NOT_CONTROLLED,
    VERDICTS,
    Judged,
    classify_columns,
)
from licensing.domain.classification.control_list import (
    ControlList,
    ElementName,
    Entry,
    Instrument,
    Standing,
    Status,
)
from licensing.domain.classification.goods import (
    FAMILIES,
    FORMS,
    LEVELS,
    STAGE_FORMS,
    Columns,
    Good,
    columns_of,
    columns_of_frame,
)
from licensing.domain.classification.judging import Considered, Verdict, classify, verdict_on

__all__ = [
    "ASSAY_REQUIRED",
    "FAMILIES",
    "FORMS",
    "LEVELS",
    "LICENCE_REQUIRED",
    "NOT_CONTROLLED",
    "STAGE_FORMS",
    "VERDICTS",
    "Columns",
    "Considered",
    "ControlList",
    "ElementName",
    "Entry",
    "Good",
    "Instrument",
    "Judged",
    "Standing",
    "Status",
    "Verdict",
    "classify",
    "classify_columns",
    "columns_of",
    "columns_of_frame",
    "verdict_on",
]
