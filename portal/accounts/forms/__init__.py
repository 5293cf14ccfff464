"""Forms about people and how they sign in, a module a topic."""
