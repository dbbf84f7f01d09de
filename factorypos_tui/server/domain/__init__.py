"""What FactoryCLOUD does, for every caller: no HTTP, no HTML."""
