"""The first page, a module a role."""
