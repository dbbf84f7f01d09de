"""Why something is refused: one small tree, in sentences for people. It says nothing of HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass

from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field."""

    field: str
    """A path such as `totals.gross` or `taxes.0.rate`."""
    code: str
    message: str


class Refused(Exception):
    """A request that is not carried out. The text says why, in the caller's language; `code` is for
    programs."""

    code = "refused"

    def __init__(self, words: str, code: str | None = None) -> None:
        super().__init__(words)
        self.code = code or self.code


class Unreadable(Refused):
    """The request cannot be read, or means nothing any more."""

    code = "malformed"


class Invalid(Refused):
    """The request can be read and is wrong; `fields` says where."""

    code = "invalid"

    def __init__(
        self, fields: Sequence[FieldProblem] = (), words: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(words or told("Some fields are missing or wrong."), code)
        self.fields = list(fields)


class TooMuch(Refused):
    """The request is larger than one may be."""

    code = "too_large"


class TooOften(Refused):
    """One caller has tried too often; `seconds` to wait."""

    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(told("Too many attempts. Wait a little, then try again."))
        self.seconds = seconds


class NotKnown(Refused):
    """The caller is unknown: no token, no valid one, or a wrong password."""

    code = "unauthorized"


class Revoked(NotKnown):
    """The terminal's permission was ended."""

    code = "terminal_revoked"

    def __init__(self) -> None:
        super().__init__(
            told("This terminal's permission was ended. Nothing at the till is lost: assign a store again.")
        )


class NotAllowed(Refused):
    """The caller is known, and may not do this."""

    code = "not_allowed"


class NotYours(Refused):
    """There is no such thing, or it is another account's: the answer is the same."""

    code = "not_found"


class Conflict(Refused):
    """Something else is in the way."""

    code = "conflict"


class Elsewhere(Conflict):
    """The terminal is assigned to another store; `same_account`: of the same owner."""

    code = "terminal_elsewhere"

    def __init__(self, words: str, *, same_account: bool) -> None:
        super().__init__(words)
        self.same_account = same_account


class Changed(Refused):
    """The version to replace is not the one that the caller saw; `etag` names the present one, if there is
    one."""

    code = "configuration_changed"

    def __init__(self, words: str, etag: str | None) -> None:
        super().__init__(words)
        self.etag = etag


class NoCondition(Refused):
    """The call does not say what it replaces."""

    code = "precondition_required"
