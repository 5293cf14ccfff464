"""Signed heads of the chain: pure, without Django."""
