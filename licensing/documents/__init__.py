"""Papers and files of licensing: letters, the licence itself, tables of the list."""
