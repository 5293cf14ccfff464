"""Making up a past through the services of every day."""
