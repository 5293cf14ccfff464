"""Export licensing: the control list, classification, applications, licences and their ledger."""
