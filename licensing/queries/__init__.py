"""Reading of licensing, a module a topic."""
