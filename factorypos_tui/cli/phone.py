"""`enrol --phone`: the till shows a code, and waits until a person has approved it."""

import sys
import time
from collections.abc import Sequence

from factorypos_tui.cli.output import say
from factorypos_tui.cli.reading import reading_line
from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.answers import PhoneCode
from factorypos_tui.core.errors import CloudUnreachable, FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.operations.enrolment import ask_for_approval, enrol_approved
from factorypos_tui.core.operations.phone import pause_after
from factorypos_tui.core.station import Station

_MOST_LINES = 21
"""Of a QR code that one screen shows together with the words."""


def wait_for_approval(station: Station) -> Assignment:
    """Show a code until a person has approved this terminal. Raises what the cloud says of it for good."""
    code = ask_for_approval(station)
    _show(code)
    until, pause, was_down = station.clock.monotonic() + code.lasts_s, code.interval_s, False
    while True:
        time.sleep(pause)
        try:
            with reading_line() as tell:
                return enrol_approved(station, code, progress=tell)
        except FactoryPosError as error:
            longer = pause_after(error, pause, is_over=station.clock.monotonic() > until)
            if longer is None:
                raise
            is_down = isinstance(error, CloudUnreachable)
            if is_down and not was_down:
                say(str(error))
            pause, was_down = longer, is_down


def _show(code: PhoneCode) -> None:
    for line in _qr_lines(code):
        say(line)
    words = _("Open {address} on a phone or a computer, and log in there. It must show this code:")
    say(words.format(address=code.address))
    say(f"\n    {code.user_code}\n")
    ends = _("Waiting until you approve this till, {n} minutes at most. Ctrl+C stops it; nothing is changed.")
    say(ends.format(n=round(code.lasts_s / 60)))


def _qr_lines(code: PhoneCode) -> Sequence[str]:
    """Where a person looks at a terminal that has half blocks; most are dark with light letters."""
    from factorypos_tui.tui.qr import qr_lines, scanned
    from factorypos_tui.tui.tty.policy import Glyphs, policy_of

    if not (sys.stderr and sys.stderr.isatty()) or policy_of().glyphs is not Glyphs.ALL:
        return ()
    return qr_lines(scanned(code), _MOST_LINES, is_ink_light=True)
