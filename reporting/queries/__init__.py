"""Reads, a module a topic."""
