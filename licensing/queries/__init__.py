"""Reads of licensing: the control list, classification, licences."""
