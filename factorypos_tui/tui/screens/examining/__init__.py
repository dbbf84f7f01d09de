"""The examination of the terminal."""
