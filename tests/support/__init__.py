"""The world of the tests: a shop with its till, its clock and its FactoryCLOUD."""
