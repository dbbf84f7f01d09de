"""Where tokens are kept: a systemd credential, the OS keyring, or a private file (port `Credentials`)."""

from factorypos_tui.credentials.places import open_credentials

__all__ = ["open_credentials"]
