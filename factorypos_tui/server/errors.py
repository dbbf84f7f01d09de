"""Why something is refused: one small tree, in sentences for people. How a caller hears of it is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; `field` is a path such as `totals.gross` or `taxes.0.rate`."""

    field: str
    code: str
    message: str


class Refused(Exception):
    """What was asked is not done; the text says why, in the caller's language, and `code` for programs."""

    code = "refused"

    def __init__(self, words: str, code: str | None = None) -> None:
        super().__init__(words)
        self.code = code or self.code


class Unreadable(Refused):
    """It is not in a form that can be read, or no longer means anything."""

    code = "malformed"


class Invalid(Refused):
    """It can be read and is not as it has to be; `fields` says where."""

    code = "invalid"

    def __init__(
        self, fields: Sequence[FieldProblem] = (), words: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(words or told("Some fields are missing or wrong."), code)
        self.fields = list(fields)


class TooMuch(Refused):
    """It is more than is taken at once."""

    code = "too_large"


class TooOften(Refused):
    """One caller has tried too often; `seconds` to wait."""

    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(told("Too many attempts. Wait a little, then try again."))
        self.seconds = seconds


class NotKnown(Refused):
    """Nobody knows who asks: no token, no valid one, or a wrong password."""

    code = "unauthorized"


class Revoked(NotKnown):
    """The terminal's permission was ended."""

    code = "terminal_revoked"

    def __init__(self) -> None:
        super().__init__(
            told("This terminal's permission was ended. Nothing at the till is lost: assign a store again.")
        )


class NotAllowed(Refused):
    """Who asks is known, and may not."""

    code = "not_allowed"


class NotYours(Refused):
    """There is no such thing, or it is another's: both sound alike."""

    code = "not_found"


class Conflict(Refused):
    """Something else is in the way."""

    code = "conflict"


class Elsewhere(Conflict):
    """The terminal is assigned to another store; `same_account`: to one of the same owner."""

    code = "terminal_elsewhere"

    def __init__(self, words: str, *, same_account: bool) -> None:
        super().__init__(words)
        self.same_account = same_account


class Changed(Refused):
    """What was to be replaced is not what was seen; `etag` names what is there, where anything is."""

    code = "configuration_changed"

    def __init__(self, words: str, etag: str | None) -> None:
        super().__init__(words)
        self.etag = etag


class NoCondition(Refused):
    """It was not said what is to be replaced."""

    code = "precondition_required"
