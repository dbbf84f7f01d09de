"""Make a till where there is none."""
