"""The portal: ground floor (core, audit, accounts, contact, registry) and roof (public, dashboards, exchange)."""
