"""What every way in by HTTP shares: bounds before the caller is known, who calls, bodies, and refusals."""
