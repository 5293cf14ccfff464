"""The tables that the checks read, built from the database: for one filing, or for many organisations' months."""

from reporting.frames.beside import Beside, beside
from reporting.frames.nation import part_of, references
from reporting.frames.scope import (
    UNSAVED,
    Scope,
    Versions,
    alone,
    of_filing,
    of_organisations,
    of_unsaved,
    versions_in_force,
)
from reporting.frames.tables import Sources, lines_of, sources_of, tables_of

__all__ = [
    "UNSAVED",
    "Beside",
    "Scope",
    "Sources",
    "Versions",
    "alone",
    "beside",
    "lines_of",
    "of_filing",
    "of_organisations",
    "of_unsaved",
    "part_of",
    "references",
    "sources_of",
    "tables_of",
    "versions_in_force",
]
