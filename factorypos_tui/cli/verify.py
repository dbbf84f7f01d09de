"""`verify`: compares every closed Z here with what FactoryCLOUD holds."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agreed, json_option, print_json, print_table, progress_line, say, tell
from factorypos_tui.cli.reading import reading_line
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _, counted, format_date, format_number
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.verification import LocalZ, Verification, resend_missing
from factorypos_tui.core.operations.verification import verify as verify_station
from factorypos_tui.core.operations.verification_wording import no_report_words, verdict_words
from factorypos_tui.core.operations.wording import again_words
from factorypos_tui.core.queue.hash_chain import breaks_words
from factorypos_tui.core.queue.left_out import spans
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import state_name
from factorypos_tui.core.station import Station


@click.command(
    help=_(
        "Compare all closed days here with FactoryCLOUD.\n\n"
        "Every Z report is compared by its hash; nothing is sent or changed. The exit code is 1 if any is "
        "missing there or different. What is missing can be sent again at once: at a terminal you are asked."
    )
)
@click.option("--resend", is_flag=True, help=_("Send what is missing again, without asking."))
@json_option
@click.pass_obj
def verify(home: Home, resend: bool, as_json: bool) -> None:
    with open_station(home) as station:
        with reading_line() as tell, progress_line() as show:
            verification = verify_station(
                station, lambda done, total: show(_progress_words(done, total)), tell
            )
        if as_json:
            print_json(verification_document(verification))
        else:
            _tell(verification)
        if verification.repairable:
            _offer_repair(station, verification, resend=resend, ask=not as_json and sys.stdin.isatty())
    if verification.is_as_chosen and not verification.holds:
        raise FactoryPosError(
            _("FactoryCLOUD lacks days that were left out by choice. To send one: {command}").format(
                command=command(f"queue send Z{verification.left_out[0].z_number}")
            )
        )
    if not verification.holds:
        raise FactoryPosError(_("FactoryCLOUD does not have all days as they were closed here."))


def verification_document(verification: Verification) -> dict[str, Any]:
    """What a comparison found, as JSON."""
    return {
        "compared": verification.compared,
        "missing": [_z(z) for z in verification.missing if not z.is_elsewhere],
        "left_out": [
            {"first": first, "last": last} for first, last in spans(z.z_number for z in verification.left_out)
        ],
        "kept_for_another_account": [_z(z) for z in verification.of_another_account],
        "different": [
            _z(difference.here) | {"cloud_hash": difference.there.content_hash}
            for difference in verification.different
        ],
        "only_there": [
            {"z_number": z.z_number, "report_id": z.report_id, "content_hash": z.content_hash}
            for z in verification.only_there
        ],
        "unreported": list(verification.unreported),
        "chain": [{"z_number": fault.z_number, "fault": fault.fault.value} for fault in verification.breaks],
    }


def _z(z: LocalZ) -> dict[str, Any]:
    return {
        "z_number": z.z_number,
        "business_date": z.business_date.isoformat(),
        "report_id": z.report_id,
        "content_hash": z.content_hash,
        "state": z.state.promised if z.state else "left_out",
        "accepted": z.state is State.ACCEPTED,
    }


def _tell(verification: Verification) -> None:
    tell(verdict_words(verification))
    rows = [
        *(_row(z, _missing_words(z)) for z in verification.missing),
        *(_row(difference.here, _different_words(difference.here)) for difference in verification.different),
        *((str(z.z_number), "", "", _("only there")) for z in verification.only_there),
    ]
    if rows:
        print_table((_("No."), _("Date"), _("State"), _("In FactoryCLOUD")), rows)
    if verification.unreported:
        tell(no_report_words(verification.unreported))
    for words in breaks_words(verification.breaks):
        tell(words)


def _different_words(z: LocalZ) -> str:
    return _("different there; accepted") if z.state is State.ACCEPTED else _("different there")


def _missing_words(z: LocalZ) -> str:
    if z.state is State.ACCEPTED:
        return _("missing there; accepted as it stands")
    if z.state is None:
        return _("left out by choice")
    if z.is_elsewhere:
        return _("kept for the account before")
    return _("missing there") if z.is_sendable else _("missing there; assign its store to send it")


def _row(z: LocalZ, there: str) -> Sequence[str]:
    return str(z.z_number), format_date(z.business_date), state_name(z.state) if z.state else "-", there


def _offer_repair(station: Station, verification: Verification, *, resend: bool, ask: bool) -> None:
    n = len(verification.repairable)
    if resend or (
        ask and agreed(counted("Send {n} missing report again?", "Send {n} missing reports again?", n))
    ):
        say(again_words(resend_missing(station, verification)))
    elif not ask:
        words = _("What is missing can be sent again: {command}")
        say(words.format(command=command("verify --resend")))


def _progress_words(done: int, total: int) -> str:
    return _("{n} of {total} read").format(n=format_number(done), total=format_number(total))
