"""Who calls: passwords, tokens, and how often one may try."""
