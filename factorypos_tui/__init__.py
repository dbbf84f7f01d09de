"""FactoryPOS/CLOUD synchronization: every daily close of a till, once each, in FactoryCLOUD."""

__version__ = "0.9.0"
