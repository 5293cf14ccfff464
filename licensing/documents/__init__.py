"""Files that licensing hands out."""
