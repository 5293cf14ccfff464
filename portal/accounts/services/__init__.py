"""Everything that changes people, organisations and roles, a module a topic."""
