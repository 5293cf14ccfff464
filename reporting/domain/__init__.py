"""Pure rules without Django."""
