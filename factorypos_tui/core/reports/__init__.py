"""From what a till recorded to the bytes that travel, and back to what people read. All of it is pure."""
