"""What `archive verify` found, in words and as JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from factorypos_tui.archive.verify.checking import SeenTerminal, Verdict
from factorypos_tui.archive.verify.faults import MEANINGS, Amount, Fault, Said
from factorypos_tui.archive.verify.reports import Z
from factorypos_tui.cli.output import tell
from factorypos_tui.core.language import _, counted, format_date, format_number, format_numbers
from factorypos_tui.core.language.money import format_money

_MOST_RUNS = 6


def said_words(said: Said) -> str:
    """A sentence of the archive in the language in force."""
    values = {
        name: format_money(value.minor, value.currency) if isinstance(value, Amount) else value
        for name, value in said.values.items()
    }
    return _(said.words).format(**values)


def fault_words(fault: Fault) -> str:
    """Where the fault is, what it is, and what it means."""
    where = fault.path
    if fault.z_number is not None:
        where = _("{path} (Z {z_number} of terminal {terminal_id})").format(
            path=fault.path, z_number=fault.z_number, terminal_id=fault.terminal_id
        )
    words = f"{said_words(fault.what)} {_(MEANINGS[fault.kind])}"
    return f"{where}: {words}" if where else words


def print_verdict(verdict: Verdict) -> None:
    """What the export holds, terminal by terminal, and what vouches for it."""
    if verdict.fault is None:
        nothing = _("There is no Z report in this export: it proves nothing.")
        tell(_("All is well in this export.") if verdict.terminals else nothing)
    for seen in verdict.terminals:
        heading, *lines = _terminal_words(seen)
        tell("\n".join([heading, *(f"  {line}" for line in lines)]))
    if verdict.closings:
        tell(
            counted(
                "{n} closing, {signed} signed.",
                "{n} closings, {signed} signed.",
                verdict.closings,
                signed=format_number(verdict.signed_closings),
            )
        )
    for key, signatures in verdict.keys:
        tell(
            counted(
                "{n} signature of the key {key_id}: {public_key}",
                "{n} signatures of the key {key_id}: {public_key}",
                signatures,
                key_id=key.key_id,
                public_key=key.public_key,
            )
        )
    for words in not_checked_words(verdict):
        tell(words)


def not_checked_words(verdict: Verdict) -> list[str]:
    """What the look could not tell."""
    words = []
    reports = sum(it.count for it in verdict.terminals)
    unsigned = reports - verdict.signed
    if reports and not verdict.signed:
        words.append(_("These reports are not signed by a cloud: whoever made them up could do so today."))
    elif unsigned:
        words.append(
            counted(
                "{n} report is not signed by a cloud.", "{n} reports are not signed by a cloud.", unsigned
            )
        )
    if verdict.keys:
        words.append(_("Not checked: whether these keys are those of your FactoryCLOUD. Compare them."))
    words += _about_closings(verdict)
    if verdict.announced and verdict.announced.format != "json":
        words.append(_("These are tables: their sums were checked. What proves a day is an export as json."))
    if any(it.not_asked_for for it in verdict.terminals):
        words.append(
            _(
                "Not checked: Zs of other stores or days. The chain goes over them by hashes that nothing "
                "here proves, and no total since the first sale is checked across them. An export of all "
                "stores and days has them."
            )
        )
    if verdict.terminals:
        words.append(_("Not checked, since no export can tell: whether newer days were taken out."))
    return words


def _about_closings(verdict: Verdict) -> list[str]:
    words = []
    if verdict.closings_without_all_days:
        words.append(
            counted(
                "Not checked: the sums of {n} closing, whose days are not all here.",
                "Not checked: the sums of {n} closings, whose days are not all here.",
                verdict.closings_without_all_days,
            )
        )
    if verdict.days_in_no_closing:
        words.append(
            counted(
                "{n} day of a closed month or year is in no closing yet.",
                "{n} days of closed months or years are in no closing yet.",
                verdict.days_in_no_closing,
            )
        )
    return words


def _terminal_words(seen: SeenTerminal) -> list[str]:
    words = [
        f"{seen.name} ({seen.terminal_id}):",
        counted(
            "{n} Z report, Z {first} to Z {last}, {from_day} to {to_day}, {signed} of them signed.",
            "{n} Z reports, Z {first} to Z {last}, {from_day} to {to_day}, {signed} of them signed.",
            seen.count,
            first=seen.first.z_number,
            last=seen.last.z_number,
            from_day=_day(seen.first),
            to_day=_day(seen.last),
            signed=format_number(seen.signed),
        ),
    ]
    if seen.beside:
        words.append(
            _("Closed or mended after later days, and so beside the chain: Z {numbers}.").format(
                numbers=format_numbers(seen.beside)
            )
        )
    if seen.left_out:
        closes = _("Numbers that the till left out; the chain closes over them: {numbers}.")
        words.append(closes.format(numbers=_runs(seen.left_out)))
    if seen.not_asked_for:
        others = _("Not in it, since they are of other stores or days, as the export says: Z {numbers}.")
        words.append(others.format(numbers=_runs(seen.not_asked_for)))
    return words


def _runs(runs: Sequence[tuple[int, int]]) -> str:
    words = [f"{a}-{b}" if a < b else str(a) for a, b in runs[:_MOST_RUNS]]
    return ", ".join([*words, "…"] if len(runs) > _MOST_RUNS else words)


def _day(z: Z) -> str:
    return format_date(date.fromisoformat(z.business_date))


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """What was found, as JSON; `fault` is null where all is well."""
    announced = verdict.announced
    return {
        "ok": verdict.fault is None,
        "fault": verdict.fault and _fault_document(verdict.fault),
        "format": announced and announced.format,
        "made_at": announced and announced.made_at,
        "made_by": announced and announced.made_by,
        "from": announced and announced.first_date,
        "to": announced and announced.last_date,
        "terminals": [_terminal_document(it) for it in verdict.terminals],
        "closings": {"count": verdict.closings, "signed": verdict.signed_closings},
        "keys": [
            {"key_id": key.key_id, "public_key": key.public_key, "signatures": n} for key, n in verdict.keys
        ],
        "not_checked": not_checked_words(verdict),
    }


def _fault_document(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.kind.value,
        "path": fault.path,
        "terminal_id": fault.terminal_id,
        "z_number": fault.z_number,
        "message": said_words(fault.what),
        "meaning": _(MEANINGS[fault.kind]),
    }


def _terminal_document(seen: SeenTerminal) -> dict[str, Any]:
    return {
        "id": seen.terminal_id,
        "name": seen.name,
        "count": seen.count,
        "first_z_number": seen.first.z_number,
        "last_z_number": seen.last.z_number,
        "first_business_date": seen.first.business_date,
        "last_business_date": seen.last.business_date,
        "acknowledged": seen.acknowledged,
        "signed": seen.signed,
        "beside_the_chain": list(seen.beside),
        "left_out": [{"first": first, "last": last} for first, last in seen.left_out],
        "not_asked_for": [{"first": first, "last": last} for first, last in seen.not_asked_for],
    }
