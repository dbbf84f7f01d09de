"""The domain: reports, their queue and their delivery. Knows no screen, no HTTP and no keyring."""
