"""What a person can ask for, on a screen or by a command: one module for each."""
