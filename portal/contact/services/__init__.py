"""Writes, a module a topic."""
