"""Months and years are closed: summed over their Zs, chained and signed, never computed again in place."""
