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

    def __init__(self, seconds: int, words: str | None = None) -> None:
        super().__init__(words or told("Too many attempts. Wait a little, then try again."))
        self.seconds = seconds


class TooManyAtOnce(TooOften):
    """One caller has too many calls under way."""

    code = "too_many_at_once"

    def __init__(self) -> None:
        super().__init__(1, told("Too many calls of this caller at once. Send this one again in a moment."))


class TooManyReports(TooOften):
    """A terminal has sent as many new reports as one may in a day."""

    code = "too_many_reports"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            seconds,
            told("This terminal has sent very many reports today. Nothing was stored; send them later."),
        )


class Busy(Refused):
    """There is no room for the call now; `seconds` until it is worth trying again."""

    code = "busy"
    seconds = 2

    def __init__(self) -> None:
        super().__init__(told("The server is busy. Nothing was stored; try again in a moment."))


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


class OfClosedCompany(Revoked):
    """The terminal's permission was ended since an owner closed the company."""

    reason = "company_closed"

    def __init__(self) -> None:
        Refused.__init__(
            self,
            told(
                "The company of this terminal was closed, so it may send no more. Nothing at the till is "
                "lost. Ask an owner: for 30 days the company can be opened again."
            ),
        )


class NotAllowed(Refused):
    """The caller is known, and may not do this."""

    code = "not_allowed"


class RoleTooLow(NotAllowed):
    """The caller is a member of the company, and this takes a higher role there."""

    code = "role_too_low"


class SecondFactorMissing(NotAllowed):
    """The company asks the caller's role for a second factor, and the account has none."""

    code = "second_factor_required"

    def __init__(self, company: str) -> None:
        words = told(
            "{company} asks for a second factor, and your account has none yet. Nothing was changed. Set one "
            "up in a browser, on the page of your account; then all is open again."
        )
        super().__init__(words.format(company=company))


class OverQuota(NotAllowed):
    """The account keeps as much as one may."""

    code = "quota_reached"


class NotYours(Refused):
    """There is no such thing, or it is another account's: the answer is the same."""

    code = "not_found"


class Gone(Refused):
    """What is asked for was here, and is not any more."""

    code = "gone"


class BodyArchived(Gone):
    """The host dropped the document of a Z; what is known of the report for ever is here."""

    code = "body_archived"

    def __init__(self) -> None:
        super().__init__(
            told(
                "The person who runs this FactoryCLOUD dropped the document of this report, since it is old. "
                "The report still counts, and its till has the document, too."
            )
        )


class BodyLost(Gone):
    """The document of a Z is not here, and nobody dropped it."""

    code = "body_lost"

    def __init__(self) -> None:
        super().__init__(
            told(
                "The document of this report is missing here. Nothing was changed. Tell the person who runs "
                "this FactoryCLOUD: the command cloud check says more."
            )
        )


class Conflict(Refused):
    """Something else is in the way."""

    code = "conflict"


class CompanyClosed(Conflict):
    """The company was closed: what is there is only looked at, until it is opened again or deleted."""

    code = "company_closed"

    def __init__(self) -> None:
        super().__init__(
            told(
                "This company was closed. Its figures can be read, and nothing can be changed. An owner can "
                "open it again, on the page of its members."
            )
        )


class LastOwner(Conflict):
    """The company would be without an owner."""

    code = "last_owner"

    def __init__(self) -> None:
        super().__init__(
            told(
                "This is the last owner of the company, and it cannot be without one. Nothing was changed. "
                "Make another member an owner first, or close the company."
            )
        )


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


class Outdated(Changed):
    """A company or a store is no longer as the caller saw it."""

    code = "changed"

    def __init__(self, etag: str | None, words: str = "") -> None:
        in_general = told("It has changed since it was read. Nothing was saved; read it again.")
        super().__init__(words or in_general, etag)


class NoCondition(Refused):
    """The call does not say what it replaces."""

    code = "precondition_required"
