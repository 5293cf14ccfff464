"""People, organisations, memberships and roles; how one signs in."""
