"""The reports on their way: the list, one report, attention, resend, compare, export."""
