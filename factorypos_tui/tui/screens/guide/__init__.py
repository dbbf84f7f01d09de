"""Help for the operator: the welcome, Help, and Find with its actions."""
