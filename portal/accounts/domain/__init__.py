"""Pure rules of accounts: no Django."""
