"""Monthly reporting: obligations, filings, checks, findings, sweeps."""
