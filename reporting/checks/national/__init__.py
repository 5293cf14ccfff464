"""Checks of many filings together, one file each: words, law, method, examples and one function."""
