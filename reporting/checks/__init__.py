"""The checks: one file each in `rules/`, one engine. `columns` is what they read, `run` runs them."""
