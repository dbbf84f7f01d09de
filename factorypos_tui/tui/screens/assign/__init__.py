"""Assigning this till to a company and its store, and taking it away again."""
