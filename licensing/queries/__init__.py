"""Every read of licensing."""
