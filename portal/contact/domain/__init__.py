"""Pure rules of what leaves the house: where to, how it is signed, how it is sent. No Django."""
