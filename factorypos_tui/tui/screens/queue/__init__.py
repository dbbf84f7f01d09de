"""The queue: the list, one report, attention, resend, compare, export."""
