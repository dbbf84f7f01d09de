"""`doctor`: everything that a supporter would ask for, check by check, each with what to do next."""

import difflib
import logging
import secrets
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from factorypos_tui import __version__
from factorypos_tui.cli.bundle import write_bundle
from factorypos_tui.cli.examination import Patient, checks_of, open_state
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, print_table, progress_line, say, tell
from factorypos_tui.core.doctor.findings import VERDICT_WORDS, Check, Examined, Finding, Verdict, examine
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.text import filled, one_line, width

_log = logging.getLogger(__name__)
_TO_SEE_TO = (Verdict.PARTIAL, Verdict.MISSING, Verdict.CRASHED)
_NAME_COLUMNS = 11


@click.command(
    help=_(
        "Examine this terminal, and say what to do.\n\n"
        "Nothing is changed and no report is sent. Name checks to carry out only those. The exit code is 0 "
        "unless a check is missing or crashed."
    )
)
@click.argument("names", metavar=_("[CHECK]..."), nargs=-1)
@click.option("--list-checks", is_flag=True, help=_("Only list the checks."))
@json_option
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("Also write a zip for support, with no secret and nothing of your customers or takings."),
)
@click.option(
    "--record", is_flag=True, help=_("First mark the log, let you repeat the trouble, mark it again.")
)
@click.pass_obj
def doctor(
    home: Home, names: Sequence[str], list_checks: bool, as_json: bool, bundle: Path | None, record: bool
) -> None:
    with ExitStack() as rooms:
        patient = Patient(home, partial(open_state, home, rooms))
        checks = _chosen(checks_of(patient), names)
        if list_checks:
            _list(checks, as_json)
            return
        if record:
            _record(patient)
        examined = _examined(checks, quietly=as_json)
        if bundle:
            say(
                _("Written: {file}. It was sent nowhere.").format(
                    file=write_bundle(patient, examined, bundle)
                )
            )
    if as_json:
        print_json(document_of(examined))
    sys.exit(any(finding.is_bad for _check, finding in examined))


def _list(checks: Sequence[Check], as_json: bool) -> None:
    rows = [(check.name, _(check.about)) for check in checks]
    if as_json:
        print_json({"checks": [{"name": name, "looks_at": about} for name, about in rows]})
    else:
        print_table((_("Check"), _("Looks at")), rows)


def document_of(examined: Examined) -> dict[str, object]:
    """What `--json` prints."""
    return {
        "version": __version__,
        "checks": [
            {
                "name": check.name,
                "verdict": finding.verdict.value,
                "words": finding.words,
                "next": finding.remedy or None,
                "facts": dict(finding.facts),
            }
            for check, finding in examined
        ],
    }


def _chosen(checks: Sequence[Check], names: Sequence[str]) -> Sequence[Check]:
    known = {check.name: check for check in checks}
    for name in names:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            raise UsageError(
                _("There is no check {name}. The nearest one is {nearest}. All of them: {command}").format(
                    name=name, nearest=nearest, command=command("doctor --list-checks")
                )
            )
    return [check for check in checks if not names or check.name in names]


def _examined(checks: Sequence[Check], *, quietly: bool) -> Examined:
    """Carry the checks out, and print each at once unless `quietly`."""
    examined: list[tuple[Check, Finding]] = []
    told: set[str] = set()
    untold = []
    for check, finding in _carried_out(checks):
        examined.append((check, finding))
        if quietly:
            continue
        if finding.verdict is Verdict.NOT_AVAILABLE and finding.words in told:
            untold.append(check.name)
        else:
            told.add(finding.words)
            _print(check, finding)
    if untold:
        tell(_("Not available for the same reasons: {names}.").format(names=", ".join(untold)))
    if not quietly and not any(finding.verdict in _TO_SEE_TO for _check, finding in examined):
        tell(_("All that could be looked at is fine."))
    return examined


def _carried_out(checks: Sequence[Check]) -> Iterator[tuple[Check, Finding]]:
    for check in checks:
        with progress_line() as show:
            if check.is_slow:
                show(_("Looking at {name}. This may take some seconds.").format(name=check.name))
            finding = examine(check)
        yield check, finding


def _print(check: Check, finding: Finding) -> None:
    columns = max(width(_(words)) for words in VERDICT_WORDS.values())
    margin = columns + 2 + _NAME_COLUMNS + 2
    verdict = filled(_(VERDICT_WORDS[finding.verdict]), columns)
    lines = [one_line(finding.words)]
    if sys.stdout.isatty():
        lines = textwrap.wrap(lines[0], max(20, shutil.get_terminal_size().columns - margin - 1))
    if finding.remedy:
        lines.append(_("Next: {command}").format(command=finding.remedy))
    tell(f"{verdict}  {filled(check.name, _NAME_COLUMNS)}  " + f"\n{' ' * margin}".join(lines))


def _record(patient: Patient) -> None:
    """Let a person repeat the trouble between two marks in the log. Raises `FactoryPosError` where this
    terminal cannot be opened."""
    patient.state()
    mark = secrets.token_hex(4)
    _log.info("mark", extra={"facts": {"mark": mark, "place": "begin"}})
    say(_("The log is marked: {mark}. Do again what went wrong, then press Enter here.").format(mark=mark))
    sys.stdin.readline()
    _log.info("mark", extra={"facts": {"mark": mark, "place": "end"}})
