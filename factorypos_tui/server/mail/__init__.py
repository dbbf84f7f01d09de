"""What FactoryCLOUD writes to people, and how it leaves."""
