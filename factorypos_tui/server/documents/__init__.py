"""The documents that are sent: canonical JSON, the report and the configuration."""
