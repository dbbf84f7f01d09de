"""FactoryCLOUD over HTTP: one file per resource, JSON in and out, problem documents."""
