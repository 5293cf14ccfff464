"""What every floor stands on: months, exact quantities, permissions, the outbox, safe tables, documents."""
