"""The data dictionary's files, read strictly: no database, no Django."""
