"""One file for each check, named by its code and its function; found by walking the folder."""
