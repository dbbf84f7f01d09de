"""Assigning this till to a company and its store, and disconnecting it again."""
