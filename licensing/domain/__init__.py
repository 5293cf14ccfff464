"""Pure rules of licensing: classification, ledger arithmetic, clocks. Without Django."""
