"""What an examination consists of: checks, and what each of them finds."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.station import Station

Fact = str | int | bool | None
Facts = Mapping[str, Fact]
_log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What a check says."""

    FINE = "fine"
    PARTIAL = "partial"
    """It works, and a person should see to something."""
    MISSING = "missing"
    """It does not work, and a person must act."""
    NOT_AVAILABLE = "not_available"
    """There is nothing to check here."""
    CRASHED = "crashed"
    """The check itself failed."""


VERDICT_WORDS = {
    Verdict.FINE: N_("fine"),
    Verdict.PARTIAL: N_("partial"),
    Verdict.MISSING: N_("missing"),
    Verdict.NOT_AVAILABLE: N_("not available"),
    Verdict.CRASHED: N_("crashed"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has found."""

    verdict: Verdict
    words: str
    """For a person: it may name what is theirs."""
    remedy: str = ""
    """The command to type next; empty where none helps."""
    facts: Facts = field(default_factory=dict)
    """The same in our own words and in numbers, with nothing of the shop's. Only this leaves the machine."""

    @property
    def is_bad(self) -> bool:
        """Whether the examination fails because of it."""
        return self.verdict in (Verdict.MISSING, Verdict.CRASHED)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is looked at."""

    name: str
    """Its word on the command line."""
    about: str
    """What it looks at; translated where it is shown."""
    look: Callable[[], Finding]
    is_slow: bool = False
    """Whether it may take seconds: slow checks come last."""


Examined = Sequence[tuple[Check, Finding]]
"""The checks that were carried out, each with what it found."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What the app needs to examine the terminal that it shows."""

    checks: Callable[[Station], Sequence[Check]]
    write_bundle: Callable[[Station, Examined, Path], object]
    """Writes a new file for support. Raises `FactoryPosError`; then there is no file."""


def examine(check: Check) -> Finding:
    """Carry a check out. Whatever fails becomes its finding, so that the other checks go on."""
    try:
        return check.look()
    except FactoryPosError as error:
        cause = error.cause.value if error.cause else None
        facts: Facts = {"error": type(error).__name__, "cause": cause}
        return Finding(Verdict.MISSING, str(error), facts=facts)
    except Exception as error:  # noqa: BLE001 - a bug of one check must not hide what the others find
        _log.exception("check crashed", extra={"facts": {"check": check.name}})
        kind = type(error).__name__
        words = _("This check itself failed ({kind}). Please report that.").format(kind=kind)
        return Finding(Verdict.CRASHED, words, facts={"error": kind})
