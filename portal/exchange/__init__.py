"""Bulk load and export of the data dictionary's tables."""
