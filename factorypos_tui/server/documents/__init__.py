"""What travels, and in which form: canonical JSON and the report."""
