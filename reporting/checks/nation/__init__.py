"""The engine behind the national checks: what is gathered from filings part by part, and what is made of it all."""
