"""Checks an export offline, with nothing but its directory. It shares no code with what writes one."""
