"""Work for the workers on this topic."""
