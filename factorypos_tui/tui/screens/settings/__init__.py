"""What this program does on this machine."""
