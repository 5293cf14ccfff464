"""What needs no account: verification of receipts, the catalogue of checks."""
