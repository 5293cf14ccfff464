"""Addresses of licensing for companies' own software."""
