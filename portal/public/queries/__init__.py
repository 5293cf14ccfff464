"""Reads for pages that need no account."""
