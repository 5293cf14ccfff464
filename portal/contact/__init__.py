"""Talking with people: mail in the reader's language, documents."""
