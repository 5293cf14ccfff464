"""The registry's services, a module a topic."""
