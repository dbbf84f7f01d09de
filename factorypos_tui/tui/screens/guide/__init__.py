"""Finding one's way: the welcome, Help, and Find with its actions."""
