"""What core asks of the outer rooms. Each Protocol has contract tests that every implementation passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from factorypos_tui.core.capabilities import READ_ONLY, Capabilities
from factorypos_tui.core.errors import CloudRefused, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.models import (
    Acknowledgement,
    Close,
    Company,
    OwnState,
    Report,
    Store,
    Terminal,
    TillFinding,
    TillStatus,
)

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import (
        Approved,
        Binding,
        CurrentTerminal,
        Enrolment,
        HeldZ,
        KnownTerminal,
        PhoneCode,
        PublicKey,
        Registration,
        Session,
        StoredConfiguration,
    )
    from factorypos_tui.core.configuration.change import Applied, Backup, Change, Sold, Watch
    from factorypos_tui.core.configuration.configuration import Configuration
    from factorypos_tui.core.configuration.new_till import NewTill
    from factorypos_tui.core.connecting.facts import TillFacts
    from factorypos_tui.core.connecting.found import Access, FoundHost, PaperClose
    from factorypos_tui.core.reports.closing import Closing, DayToClose
    from factorypos_tui.core.reports.sales import Period, Receipt
    from factorypos_tui.core.reports.takings import Takings


class Clock(Protocol):
    """Time as this machine tells it."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC. It can jump."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""


class Till(Protocol):
    """Where sales come from. Only `make`, `apply_configuration` and `close_day` write; methods may be called
    from any thread. An adapter is a subclass; this class refuses what its till cannot do (`can`).

    Every method but `make` raises `TillAbsent` where there is no till, `TillError` where it cannot answer,
    `StorageError` where its database cannot be read, and its `DamagedError` where that is damaged."""

    @property
    def can(self) -> Capabilities:
        """What can be done to it: known without asking it, and always the same."""
        return READ_ONLY

    @property
    def kind(self) -> str:
        """The word for it under `[till]` in `config.toml`: known without asking it, too."""

    @property
    def leaves_out_numbers(self) -> bool:
        """Whether its program gives Z numbers to closes that are not told here, so that a number that is
        missing is no fault: known without asking it, too."""
        return False

    def make(self, new: NewTill) -> None:  # noqa: ARG002 - refuses
        """Make the till and open its first day. Raises `TillError` where there is one already, or where it
        is set up by its own program, and `UsageError` for what cannot be. Then nothing is made."""
        raise TillError(READ_ONLY.why_not_made)

    def terminal(self) -> Terminal:
        """The till as FactoryCLOUD knows it."""

    def time_zone(self) -> ZoneInfo:
        """The time zone in which it closes its days; raises `TillError` where that zone is unknown."""

    def status(self) -> TillStatus:
        """The running day in short."""

    def revision(self) -> object:
        """A value that differs whenever another process may have sold or closed since the last call.
        Cheap enough to ask several times a second."""

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        """At most `limit` closed periods with a Z number above `after`, ascending."""

    def closes(self, after: int) -> Sequence[Close]:
        """Every closed period with a Z number above `after`, ascending, in short."""

    def late_closes(self) -> Sequence[Close]:
        """Closed periods that came after those above them had been told, where its program closes such."""
        return ()

    def findings(self) -> Sequence[TillFinding]:
        """What a person should know of the rows of the running day, of the newest closes, and of each close
        that waits because of its rows. Cheap enough to ask whenever something has changed."""

    def open_period(self) -> Period | None:
        """The period in which receipts are recorded; raises `StillReading` while many before it are read."""

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        """The receipts of a period in the order of their sale; training sales are never among them."""

    def configuration(self) -> Configuration:
        """Its whole configuration, also what is no longer in use."""

    def sold(self) -> Sold:
        """What sales have fixed in the configuration."""

    def apply_configuration(self, change: Change, watch: Watch) -> Applied:  # noqa: ARG002 - refuses
        """Change the till to what `change` wants, in one transaction, after a backup.

        Raises `DayOpen` where today's sales keep it from that, `Stopped` where `watch` says so before the
        commit, and `TillError` where the till has changed since `change` was made, or takes no configuration.
        Then nothing is changed."""
        raise TillError(READ_ONLY.why_no_configuration)

    def configuration_backups(self) -> Sequence[Backup]:
        """The configurations that can be brought back, the newest first."""
        return ()

    def configuration_of_backup(self, backup_id: int) -> Configuration:
        """The configuration of a backup; raises `TillError` where there is none of that id."""
        raise TillError(_("There is no backup {id}. Nothing was changed.").format(id=backup_id))

    def day_to_close(self) -> DayToClose:
        """The running day's figures, its drawer, and what speaks against closing it now. Raises `TillError`
        where it cannot be closed from here."""
        raise TillError(READ_ONLY.why_no_close)

    def close_day(self, seen: DayToClose, counted: int | None = None) -> Closing:  # noqa: ARG002 - refuses
        """Close the running day and open the next one, in one transaction. `counted`: cash in the drawer,
        minor units; None where it was not counted.

        Raises `DayChanged` where the day is no longer the one that was `seen`, or more speaks against the
        close than then, and `TillError` where it cannot be closed from here. Then nothing is closed."""
        raise TillError(READ_ONLY.why_no_close)

    def close(self) -> None:
        """Close what the calling thread holds, before the thread ends."""


class Connector(Protocol):
    """The tills of other programs that can be read from here, and `config.toml`, which names one of them.

    What asks a till raises `TillError`, in words for whatever is wrong with address, password, rights or
    data, and `TillAbsent` where there is no till at that address."""

    def named(self) -> TillFacts | None:
        """The till of another program that `config.toml` names; None where it names none."""

    def hosts(self, access: Access) -> Sequence[FoundHost]:
        """The tills in the data. Without a password in `access`, the one that is kept is used."""

    def last_closes(self, access: Access, host: str, currency: str) -> Sequence[PaperClose]:
        """A few of the newest closed days, the newest first, as the till's own paper has them."""

    def grants(self, access: Access) -> Sequence[str]:
        """The statements that make an account for reading only; none where the data are in a file."""

    def name(self, facts: TillFacts, password: str | None, *, afresh: bool = False) -> None:
        """Name this till in `config.toml`, and keep the password of its database, where one is given.
        `afresh`: what was told of its closed days so far counts no more.
        Raises `StorageError`, and `UsageError` where it cannot be changed without harm; it is as it was."""


class Cloud(Protocol):
    """FactoryCLOUD, API v1. Every method raises `CloudUnreachable` where trying again later is right, and
    `CloudRefused` (or its `TokenRefused`) where the cloud said no."""

    def registration(self) -> Registration:
        """Who may create an account; anybody, where the cloud does not say."""

    def register(self, email: str, password: str, name: str, language: str) -> None:
        """Create an account."""

    def log_in(
        self, email: str, password: str, terminal_id: str | None = None, code: str | None = None
    ) -> Session:
        """Trade e-mail and password for a user token, which ends when the terminal is revoked on which the
        person logs in. `code` is that of the second factor: an account that has one is refused
        `second_factor_required` without it, and with one that is not right."""

    def log_out(self, user_token: str) -> None:
        """End the user token."""

    def recover(self, email: str) -> None:
        """Have instructions for a new password sent. The cloud does not tell whether the account exists."""

    def choose_password(self, email: str, code: str, password: str) -> None:
        """Set a new password with the code that was mailed to `email`; ends every session of the account."""

    def companies(self, user_token: str) -> Sequence[Company]:
        """All companies of the user, in the cloud's order."""

    def create_company(
        self, user_token: str, name: str, country: str, currency: str, tax_id: str | None
    ) -> Company:
        """Create a company; asking twice with one idempotency key makes one."""

    def stores(self, user_token: str, company_id: str) -> Sequence[Store]:
        """All stores of a company."""

    def create_store(
        self, user_token: str, company_id: str, name: str, timezone: str, address: str | None
    ) -> Store:
        """Create a store."""

    def figures(self, user_token: str, store_id: str, first: date, last: date) -> Sequence[Takings]:
        """What was taken in a store of the user's on each business date from `first` to `last`, both
        included: one for each date and currency on which anything was reported, the oldest first."""

    def closings(self, user_token: str, store_id: str, period: str) -> Sequence[Mapping[str, object]]:
        """The months (`month`) or years (`year`) of a store that were closed, as they were signed, the oldest
        first; nothing in them has been checked. An older cloud refuses with 404."""

    def known_terminal(self, user_token: str, store_id: str, terminal_id: str) -> KnownTerminal:
        """What the account knows of a terminal; refused with 404 where nothing, and by an older cloud."""

    def enrol(
        self, user_token: str, store_id: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        """Bind `terminal` to a store; `move` takes it away from the store it was bound to. Raises
        `OfAnotherAccount` where that is a store of another account."""

    def enrol_with_code(self, code: str, terminal: Terminal, software: str) -> Enrolment:
        """Bind `terminal` to the store of an owner's code, which moves none; asking again counts once."""

    def ask_approval(self, terminal: Terminal, software: str) -> PhoneCode:
        """Ask that a person binds `terminal` to a store; refused with `not_found` by an older cloud."""

    def fetch_approved(self, device_code: str) -> Approved:
        """The token of a terminal that was approved, once; refused with `authorization_pending` or
        `slow_down` until then, and with `access_denied` or `expired_token` for good."""

    def binding(self, terminal_token: str) -> Binding:
        """Which store, company and terminal the token is for."""

    def disconnect(self, terminal_token: str) -> None:
        """End the terminal token; what was sent stays."""

    def held_zs(
        self, terminal_token: str, progress: Callable[[int], object] = lambda _read: None
    ) -> Sequence[HeldZ]:
        """Every Z report that the cloud holds of this terminal; `progress` is told how many were read."""

    def report(self, terminal_token: str, report_id: str) -> Mapping[str, object]:
        """A report that the cloud holds, as the document it received; nothing in it has been checked."""

    def settle(self, terminal_token: str, report_id: str, content_hash: str) -> None:
        """Settle a conflict: the report with this hash counts; the cloud keeps the other one."""

    def reopen(self, terminal_token: str, report_id: str) -> None:
        """Open a settled conflict again."""

    def current_terminal(self, terminal_token: str) -> CurrentTerminal:
        """What the cloud holds of this terminal's store."""

    def tell_state(self, terminal_token: str, state: OwnState) -> None:
        """Tell the cloud how this terminal is; it takes a few seconds at most. An older cloud refuses it."""

    def public_keys(self) -> Sequence[PublicKey]:
        """The keys with which the cloud signs, or signed; an older cloud refuses with 404."""

    def allow_upload(self, user_token: str, terminal_id: str) -> None:
        """Let a terminal of the user's replace the configuration of its store."""

    def configuration(self, terminal_token: str) -> StoredConfiguration | None:
        """The configuration of the terminal's store; None where there is none yet."""

    def put_configuration(self, terminal_token: str, document: bytes, etag: str | None) -> str:
        """Replace the version `etag` (None: upload the first one); returns the new version.

        Raises `CloudRefused` with `configuration_changed` where another version is there."""

    def send(self, terminal_token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        """Send the frozen bytes of one report for a store, None for the one that the token is bound to.
        Returns a receipt only if it echoes the report's id and hash.

        Raises `CloudRefused` with `store_not_assigned` where it was never in that store of the account."""

    def send_batch(
        self, terminal_token: str, reports: Sequence[Report], store_id: str | None = None
    ) -> Sequence[Acknowledgement | CloudRefused]:
        """Send at most 500 reports of one store in one request, as `send`; the answers are in their order."""
