"""Configuration data, the catalogue that is exchanged: look at it, download it, upload it, bring it back."""
