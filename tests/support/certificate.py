"""A certificate for localhost and cloud.example.com, its own CA, with its (worthless) key; until 2126."""

from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")
