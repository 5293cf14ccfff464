"""The registry's queries, a module a topic."""
