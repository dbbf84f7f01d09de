"""Configuration data, the catalogue that travels: looked at, taken, put, brought back."""
