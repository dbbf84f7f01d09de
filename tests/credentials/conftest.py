"""A keyring in force for one test."""

from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

UseKeyring = Callable[[KeyringBackend], None]


@pytest.fixture
def use_keyring() -> Iterator[UseKeyring]:
    """Put a keyring in force; none is, until this is called, whatever the machine has."""
    none: type[KeyringBackend] = fail.Keyring
    keyring.set_keyring(none())
    yield keyring.set_keyring
    keyring.set_keyring(none())
