"""What FactoryCLOUD does, whoever asks: no HTTP, no HTML."""
