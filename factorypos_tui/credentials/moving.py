"""Tells what each place has, and moves a token.

A process that is killed meanwhile leaves the token in one place or in both, never in none."""

import logging
from collections.abc import Sequence

from factorypos_tui.core.credentials import Held, Rest
from factorypos_tui.core.errors import KeyringLocked, StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.credentials.memory import Remembered, digest
from factorypos_tui.credentials.os_keyring import KeyringAbsent, KeyringUnusable
from factorypos_tui.credentials.rooms import Place, Rooms, Writable

_log = logging.getLogger(__name__)


def look(rooms: Rooms, name: str) -> Sequence[Rest]:
    """What each place has; only the hashes of tokens are compared."""
    known = rooms.known(name)
    places: Sequence[Place] = (rooms.systemd, rooms.keyring, rooms.file)
    found: dict[str, str | Held] = {place.backend: _found(place, name) for place in places}
    if known.with_service and found["systemd"] is Held.NOTHING:
        found["systemd"] = known.with_service
    readable = [place.backend for place in rooms.reads]
    hashes = (found[place] for place in readable if not isinstance(found[place], Held))
    newest = known.newest or next(hashes, None)
    in_use = next((place for place in readable if found[place] == newest), None)
    wanted = {rooms.systemd.backend, *(place.backend for place in rooms.writes)}

    def held(place: str) -> Held:
        here = found[place]
        if isinstance(here, Held):
            return here
        if here != newest:
            return Held.OLDER
        if place not in wanted and in_use in (None, place):
            return Held.NOT_CHOSEN
        return Held.IN_USE if place == in_use else Held.COPY

    return [Rest(place.backend, place.encrypted, held(place.backend)) for place in places]


def _found(place: Place, name: str) -> str | Held:
    """The hash of what a place has, or why there is none."""
    try:
        text = place.get(name)
    except KeyringAbsent:
        return Held.ABSENT
    except (KeyringLocked, KeyringUnusable):
        return Held.LOCKED
    return digest(text) if text else Held.NOTHING


def move(rooms: Rooms, name: str, place: str) -> bool:
    """Have the newest token rest in one place: write it there, read it back, and only then empty the others.

    False where there is no token, or where the service does not have it yet as a credential."""
    known = rooms.known(name)
    if place == rooms.systemd.backend:
        if known.is_with_service:
            _empty(rooms.file, name)
            _empty(rooms.keyring, name, must=known.kept_in == rooms.keyring.backend)
        return known.is_with_service
    target, other = _target(rooms, place)
    token, source = _newest(rooms, name, known)
    if not token:
        return False
    if source is not target:
        target.set(name, token)
        if target.get(name) != token:
            raise StorageError(
                _("The new place did not give the token back. It stays where it was; nothing was taken away.")
            )
    rooms.memory.note(name, newest=digest(token), kept_in=place)
    _empty(other, name, must=source is other)
    return True


def _target(rooms: Rooms, place: str) -> tuple[Writable, Writable]:
    """The place to move to, and the other one that can be written."""
    target, other = rooms.keyring, rooms.file
    pair: tuple[Writable, Writable] = (target, other) if place == target.backend else (other, target)
    if pair[0] not in rooms.writes:
        raise UsageError(
            _(
                'config.toml says backend = "{chosen}" under [credentials], so the token would not be used'
                ' there. Nothing was changed. Write backend = "{place}" there first, then run this again.'
            ).format(chosen=rooms.chosen, place=place)
        )
    return pair


def _newest(rooms: Rooms, name: str, known: Remembered) -> tuple[str, Place | None]:
    """The newest token and where it is, also where config.toml leaves that place out."""
    for place in (rooms.file, rooms.keyring, rooms.systemd):
        token = rooms.ask(place, name, known)
        if token and known.is_newest(token):
            return token, place
    return "", None


def _empty(place: Writable, name: str, *, must: bool = True) -> None:
    """Delete a token that another place has by now; `must`: it was there."""
    try:
        place.delete(name)
    except StorageError as error:
        if must:
            raise StorageError(
                _("The token rests in its new place, but the old one still has a copy. {why}").format(
                    why=error
                )
            ) from error
        _log.info("place not emptied", extra={"facts": {"place": place.backend}})
