"""What the server's administrator does beside it."""
