"""The second factor of an account: an authenticator app, passkeys, and recovery codes for a day without."""
