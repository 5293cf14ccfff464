"""Pages about people, organisations and the trail, a module a topic."""
