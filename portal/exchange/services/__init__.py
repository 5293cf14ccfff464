"""Bulk load and export, a module a step."""
