"""Forms, a module a topic."""
