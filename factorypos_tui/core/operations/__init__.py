"""What a person asks for, by screen or by command: one verb a module."""
