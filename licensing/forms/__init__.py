"""What people and programs send to licensing, read and judged."""
