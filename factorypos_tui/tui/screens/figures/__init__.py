"""What was taken."""
