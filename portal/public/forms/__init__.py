"""Forms that need no account."""
