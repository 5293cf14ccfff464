"""What filing and licensing both need: elements, products, counterparties, the calendar."""
