"""FactoryCLOUD over HTTP: one file a resource, JSON in and out, problem documents."""
