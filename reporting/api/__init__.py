"""Reporting by HTTP: the fifth door beside form, grid, paste and file. It calls the same services."""
