"""Template filters of licensing."""
