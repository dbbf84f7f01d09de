"""What the server's administrator does on the server's machine."""
