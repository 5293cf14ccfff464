"""The registers by HTTP: products, lots and counterparties of one's own organisation, by code."""
