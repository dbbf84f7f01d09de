"""From a till's records to the bytes that are sent, and back to what people read. All of it is pure."""
