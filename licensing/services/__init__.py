"""Writes of licensing."""
