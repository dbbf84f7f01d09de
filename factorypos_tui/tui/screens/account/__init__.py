"""Logging in and out, registering, a forgotten password."""
