"""`till connect`: find the till of another program, show what it closed last, name it in `config.toml`."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agree, asked, json_option, print_json, say, secret, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.cli.till_password import till_password
from factorypos_tui.core.account.place import place_of_machine
from factorypos_tui.core.connecting.asking import OF_THE_SHOP, facts_of, is_decided, proposed
from factorypos_tui.core.connecting.facts import (
    IN_A_DATABASE,
    KINDS,
    SCOPES,
    TillFacts,
    address_key,
    checked,
    checked_url,
)
from factorypos_tui.core.connecting.found import Access, FoundHost, PaperClose
from factorypos_tui.core.connecting.wording import (
    close_lines,
    compare_words,
    found_words,
    grant_words,
    next_step_words,
    question_words,
)
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.operations.connecting import (
    connect_till,
    refuse_another_till,
    terminal_id_for,
    tills_at,
)
from factorypos_tui.core.station import Station

_COLUMNS = 72
_ANSWERS = {
    "--kind": ("kind", _("Which program: unicenta (also KriolOS, Chromis, Openbravo POS), or flocafe.")),
    "--url": ("url", _("Its database: mysql://USER@SERVER/DATABASE or postgresql://USER@SERVER/DATABASE.")),
    "--path": ("path", _("The file of a FloCafe, flo.db.")),
    "--host": ("host", _("Which till, where several sell into one database.")),
    "--scope": ("scope", _("What closes a FloCafe: day or session (default: day).")),
    "--company": ("company", _("The company's name.")),
    "--country": ("country", _("Country, such as ES (default: where this machine is).")),
    "--currency": ("currency", _("Currency, such as EUR (default: the country's).")),
    "--zone": ("timezone", _("Time zone of the till, as an IANA name (default: the machine's).")),
    "--day-starts-at": ("day_starts_at", _("When a business day begins, HH:MM (default: 04:00).")),
    "--terminal-id": (
        "terminal_id",
        _("The terminal's id (default: it follows from the till's data)."),
    ),
}


def _answers(run: click.decorators.FC) -> click.decorators.FC:
    for option, (name, words) in reversed(_ANSWERS.items()):
        run = click.option(option, name, metavar=_("TEXT"), help=words)(run)
    return run


@click.command(
    "connect",
    help=_(
        "Connect the till of another program.\n\n"
        "It tries the connection, lists the tills that it finds, shows the newest closed days to compare with"
        " their papers, and names the till in config.toml. Nothing is written to the till, and nothing is"
        " sent before a store is assigned. On a terminal it asks for what is not said.\n\n"
        "The id of the terminal follows from the till's own data: a new machine, a moved database or a lost"
        " folder gets the same one. Where the oldest days were deleted meanwhile, say the old id with"
        " --terminal-id: with another one, every day would count twice. `status --json` of the old folder"
        " tells it, or whoever runs FactoryCLOUD."
    ),
)
@_answers
@click.option("--password-stdin", is_flag=True, help=_("Read the database's password from standard input."))
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("Where the password is, and stays (default: it is kept in a file of the home)."),
)
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@json_option
@click.pass_obj
def connect(
    home: Home,
    /,
    password_stdin: bool,
    password_file: Path | None,
    yes: bool,
    as_json: bool,
    **said: str | None,
) -> None:
    answers = {name: text for name, text in said.items() if text is not None}
    kept_in = str(password_file.absolute()) if password_file else ""
    with open_station(home) as station, station.connections():
        named = station.connector().named()
        kind = _answer(answers, "kind", named.kind if named else KINDS[0])
        address = _address(answers, kind, named.address if named and named.kind == kind else "")
        password = _password(home, kind, kept_in, password_stdin, station)
        access = Access(kind, address, till_password(home.path, kept_in) if kept_in else password)
        till = _picked(tills_at(station, access), answers, named.host if named else "")
        facts = _facts(station, access, till, answers, kept_in)
        refuse_another_till(station, facts)
        closes = station.connector().last_closes(access, till.host, facts.currency)
        grants = station.connector().grants(access)
        if not as_json:
            _show(facts, closes, grants)
        if not (yes or sys.stdin.isatty()):
            raise UsageError(_("Nothing was changed. With --yes it is connected without being asked."))
        if not yes:
            agree(_("Connect this till?"))
        connect_till(station, facts, None if kept_in else password)
    if as_json:
        print_json(_document(facts, closes, grants))
    else:
        say(_("Connected: {till}, in {file}.").format(till=till.host, file=home.path / "config.toml"))
        say(next_step_words())
        say(_("A worker that is running reads it once it is started again."))


def _answer(
    answers: Mapping[str, str], name: str, default: str, check: Callable[[str], str] | None = None
) -> str:
    """What an option says, else what the person at the terminal types, who is asked again where it cannot be,
    else `default`. Raises `UsageError` where nothing tells it, or the option says what cannot be."""
    check = check or partial(checked, name)
    if name in answers:
        return check(answers[name])
    while sys.stdin.isatty():
        try:
            return check(asked(question_words(name), default))
        except UsageError as error:
            say(str(error))
    if default:
        return check(default)
    option = next(option for option, (known, _help) in _ANSWERS.items() if known == name)
    raise UsageError(_("Say {option}: nothing tells it, and no person can be asked.").format(option=option))


def _address(answers: Mapping[str, str], kind: str, known: str) -> str:
    return _answer(answers, address_key(kind), known, checked_url if kind == IN_A_DATABASE else _path)


def _path(said: str) -> str:
    return str(Path(said).expanduser().absolute())


def _password(home: Home, kind: str, kept_in: str, password_stdin: bool, station: Station) -> str | None:
    """What is said or typed; None where it is kept already, or none is needed."""
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    named = station.connector().named()
    known = till_password(home.path, kept_in or (named.password_file if named else ""))
    if kind != IN_A_DATABASE or known is not None or not sys.stdin.isatty():
        return None
    return secret(question_words("password"), may_be_empty=True) or None


def _picked(found: Sequence[FoundHost], answers: Mapping[str, str], known: str) -> FoundHost:
    """The till that is meant; a person sees them all."""
    for till in found:
        say(found_words(till))
    by_name = {till.host: till for till in found}

    def one_of_them(name: str) -> str:
        if name in by_name:
            return name
        words = _("There is no till {name} in the data. There are: {names}.")
        raise UsageError(words.format(name=name, names=", ".join(by_name)))

    if len(found) == 1 and "host" not in answers:
        return found[0]
    return by_name[_answer(answers, "host", known, one_of_them)]


def _facts(
    station: Station, access: Access, till: FoundHost, answers: Mapping[str, str], kept_in: str
) -> TillFacts:
    machine, named = place_of_machine(), station.connector().named()
    known = asdict(named) if named and named.host in ("", till.host) else {}
    shop: dict[str, str] = {}
    for name in OF_THE_SHOP:
        default = known.get(name) or proposed(name, shop, till, machine)
        decided = is_decided(name, till) and name not in answers
        shop[name] = checked(name, default) if decided else _answer(answers, name, default)
    said_id = checked("terminal_id", answers["terminal_id"]) if "terminal_id" in answers else None
    terminal_id = terminal_id_for(station, till, said_id)
    scope = "" if access.kind == IN_A_DATABASE else _answer(answers, "scope", SCOPES[0])
    kept_in = kept_in or (named.password_file if named else "")
    return facts_of(access, till, shop, terminal_id, scope, kept_in)


def _show(facts: TillFacts, closes: Sequence[PaperClose], grants: Sequence[str]) -> None:
    """What is about to be connected; the statements go to standard output, for a pipe to the database."""
    for close in closes:
        for line in close_lines(close, facts.currency, _COLUMNS):
            tell(line)
    say(compare_words(closes))
    say(_("Terminal {id}.").format(id=facts.terminal_id))
    if grants:
        say(grant_words())
        for statement in grants:
            tell(statement)


def _document(facts: TillFacts, closes: Sequence[PaperClose], grants: Sequence[str]) -> dict[str, object]:
    return {
        "till": dict(facts.keys()),
        "closes": [
            {
                "z_number": close.z_number,
                "closed_at": close.closed_at.isoformat(),
                "receipts": close.receipts,
                "net": close.net,
                "tax": close.tax,
                "total": close.total,
                "payments": dict(close.payments),
            }
            for close in closes
        ],
        "grants": list(grants),
    }
