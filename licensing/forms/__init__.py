"""Forms of licensing, a module a topic."""
