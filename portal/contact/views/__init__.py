"""Pages about questions, a module a topic."""
