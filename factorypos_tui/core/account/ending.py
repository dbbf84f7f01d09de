"""Has FactoryCLOUD end tokens, so that nobody can use a copy of what is deleted here."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from factorypos_tui.core.account.assignment import TERMINAL, kept_of
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    KeyringLocked,
    TokenMissing,
    TokenRefused,
    UsageError,
)
from factorypos_tui.core.station import Station

USER = "user"


def end_kept(station: Station, name: str, *, is_expected: bool) -> bool:
    """Have FactoryCLOUD end the token that is kept here under a name. False where it was not told, also since
    the token cannot be read; with `is_expected`, also since it is not here. Raises `StorageError` where the
    place of the tokens cannot be trusted."""
    return end_of_kept(station, name, is_expected=is_expected)()


def end_of_kept(station: Station, name: str, *, is_expected: bool) -> Callable[[], bool]:
    """What ends, as `end_kept` does, the token that is kept now, once another one may be in its place."""
    try:
        kept = kept_of(station.credentials().get(name))
    except (KeyringLocked, TokenMissing):
        return lambda: False
    return partial(end, station, name, kept.token) if kept else lambda: not is_expected


def end(station: Station, name: str, token: str) -> bool:
    """Have FactoryCLOUD end a token; False where it was not told. A token that it does not know any more has
    ended already."""
    try:
        cloud = station.cloud()
        with suppress(TokenRefused):
            if name == TERMINAL:
                cloud.disconnect(token)
            else:
                cloud.log_out(token)
    except (CloudUnreachable, CloudRefused, UsageError):
        return False
    return True
