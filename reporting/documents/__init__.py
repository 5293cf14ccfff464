"""Papers that the portal makes: receipts, the calendar feed."""
