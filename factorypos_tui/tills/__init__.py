"""Where sales come from: one package for each kind of till."""
