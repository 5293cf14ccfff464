"""Writing of licensing, a module a topic."""
