"""Closing the day of a till that can be closed from here."""
