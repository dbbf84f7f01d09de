"""The pages of a store's catalogue."""
