"""Pages of licensing, a module a topic."""
