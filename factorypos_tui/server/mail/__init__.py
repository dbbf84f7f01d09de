"""The mails that FactoryCLOUD writes to people, and how they are sent."""
