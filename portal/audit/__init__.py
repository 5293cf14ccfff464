"""The append-only trail: what happened, by whom, chained so that a change shows."""
