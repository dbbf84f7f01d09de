"""The first step of connecting a till of another program: where its data are, and the tills found there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from factorypos_tui.core.connecting.facts import IN_A_DATABASE, TillFacts, address_of
from factorypos_tui.core.connecting.found import Access, FoundHost
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.operations.connecting import tills_at
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.screens.base.paths import path_typed
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.field import Field

_IN_A_FILE = "flocafe"
_OF_A_DATABASE = ("server", "database", "user", "password")


@dataclass(frozen=True, slots=True)
class Reached:
    """What answered, and what was typed to reach it."""

    access: Access
    tills: Sequence[FoundHost]
    typed: Mapping[str, str] = field(repr=False)


class WhereItIsScreen(FormScreen[Reached]):
    """Ends with the tills that were found. Nothing is changed here."""

    HELP = N_(
        "The data of the till are only read, never changed; its program goes on as before. Take an account"
        " that can do nothing but read: the last step shows how whoever runs the database makes one. The"
        " databases that come inside of these programs (HSQLDB, Derby) cannot be read from outside: a shop"
        " that uses one moves to MySQL, MariaDB or PostgreSQL first. FloCafe has its data in a file, flo.db."
    )
    ACCEPT = N_("Look for the till")
    BUSY = N_("Looking for the till...")
    SO_FAR = NOTHING_IS_CHANGED
    LEFT = N_("Nothing was changed.")

    def __init__(self, typed: Mapping[str, str]) -> None:
        """`typed`: what was answered before, by the names of the questions."""
        super().__init__(_("Connect a till"))
        self._typed = typed

    def introduction(self) -> str:
        """What it does."""
        return _("A till of another program: we read what it closes and send that.")

    def questions(self) -> Iterable[Question]:
        """The program; server, database, user and password, or the file."""
        programs = "uniCenta, KriolOS, Chromis, Openbravo POS"
        yield Question(
            "program",
            _("Program and where it keeps its data"),
            _("Which program sells, and in which kind of database."),
            self._before("program", "mysql"),
            choices={
                "mysql": f"{programs}: MySQL, MariaDB",
                "postgresql": f"{programs}: PostgreSQL",
                _IN_A_FILE: _("FloCafe: its file flo.db"),
            },
        )
        yield from self._of_a_database()
        yield Question(
            "path",
            _("File"),
            _("The flo.db of FloCafe; without a folder it is in your home folder."),
            self._before("path"),
            missing=_("Type the path of the file."),
            wrong=_("There is no such file."),
            fits=lambda typed: path_typed(typed).is_file(),
            longest=1000,
        )

    def _of_a_database(self) -> Iterable[Question]:
        yield Question(
            "server",
            _("Server"),
            _("The name or address of the machine with the database; :PORT behind it where that is another."),
            self._before("server"),
            missing=_("Type the name or the address of the server."),
            wrong=_("This is no server, such as 192.168.1.10 or pos-server."),
            fits=_is_a_server,
        )
        yield Question(
            "database",
            _("Database"),
            _("Its name, as the program's own settings have it."),
            self._before("database"),
            missing=_("Type the name of the database."),
            longest=64,
        )
        yield Question(
            "user",
            _("User"),
            _("The account of the database that we read with."),
            self._before("user"),
            missing=_("Type the user of the database."),
            longest=64,
        )
        yield Question(
            "password",
            _("Password"),
            _("Of that user. Left empty, the one that is kept here counts. It is kept in a file of yours."),
            self._before("password"),
            secret=True,
        )

    def on_mount(self) -> None:
        """Ask for what this program needs."""
        self.picked("program")

    def picked(self, name: str) -> None:  # noqa: ARG002 - there is one list
        """Ask for a database, or for a file."""
        in_a_file = self.typed("program") == _IN_A_FILE
        for one in (*_OF_A_DATABASE, "path"):
            self.query_one(f"#{one}", Field).display = (one == "path") == in_a_file

    def send(self, answers: Mapping[str, str]) -> Reached:
        """Look for the till."""
        access = _access(answers)
        return Reached(access, self.app.engine.perform(tills_at, access), answers)

    def _before(self, name: str, default: str = "") -> str:
        return self._typed.get(name, default)


def typed_before(named: TillFacts | None) -> Mapping[str, str]:
    """The answers that led to what `config.toml` names, but for the password."""
    if named is None:
        return {}
    if named.kind == _IN_A_FILE:
        return {"program": _IN_A_FILE, "path": named.address}
    parts = urlsplit(named.address)
    return {
        "program": parts.scheme,
        "server": parts.netloc.rpartition("@")[2],
        "database": unquote(parts.path.strip("/")),
        "user": unquote(parts.username or ""),
    }


def _access(answers: Mapping[str, str]) -> Access:
    if answers["program"] == _IN_A_FILE:
        return Access(_IN_A_FILE, str(path_typed(answers["path"]).absolute()))
    url = address_of(answers["program"], answers["server"], answers["database"], answers["user"])
    return Access(IN_A_DATABASE, url, answers["password"] or None)


def _is_a_server(typed: str) -> bool:
    try:
        address_of("mysql", typed, "database", "user")
    except UsageError:
        return False
    return "@" not in typed and not any(map(str.isspace, typed))
