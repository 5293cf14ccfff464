"""Official papers of licensing: letters and the licence itself, in both languages."""
