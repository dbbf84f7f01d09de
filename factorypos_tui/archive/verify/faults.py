"""What is wrong with an export, and where. The words are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a text for the catalogues here; it is looked up where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units."""

    minor: int
    currency: str


Values = Mapping[str, "str | int | Amount"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, with what stands in its braces."""

    words: str
    values: Values = field(default_factory=dict)


class Kind(StrEnum):
    """What kind of fault it is: a word for scripts, and a sentence for people (`MEANINGS`)."""

    NOT_AN_EXPORT = "not_an_export"
    NOT_CLOSED = "not_closed"
    UNREADABLE = "unreadable"
    CONTENT_CHANGED = "content_changed"
    DOES_NOT_ADD_UP = "does_not_add_up"
    CHAIN_BROKEN = "chain_broken"
    NOT_AS_ANNOUNCED = "not_as_announced"
    FORGED = "forged"
    KEY_UNKNOWN = "key_unknown"
    KEY_LOST = "key_lost"
    CLOSING_WRONG = "closing_wrong"
    SIGNATURES_NOT_CHECKED = "signatures_not_checked"


MEANINGS: Mapping[Kind, str] = {
    Kind.NOT_AN_EXPORT: N_("This directory is no whole export, so nothing in it is proved."),
    Kind.NOT_CLOSED: N_("The directory is not as it was when the export was made."),
    Kind.UNREADABLE: N_("It is not what our program writes, so nothing that it says counts."),
    Kind.CONTENT_CHANGED: N_("The report was changed after the day was closed."),
    Kind.DOES_NOT_ADD_UP: N_("The figures contradict each other, so at least one of them is wrong."),
    Kind.CHAIN_BROKEN: N_("A day was taken out, put in or changed after it was closed."),
    Kind.NOT_AS_ANNOUNCED: N_("The export says of itself that it holds something else."),
    Kind.FORGED: N_("The cloud with this key never said this: it was changed or made up."),
    Kind.KEY_UNKNOWN: N_("Nobody can tell whether a cloud said this."),
    Kind.KEY_LOST: N_("Others may have had the key by then, so it proves nothing."),
    Kind.CLOSING_WRONG: N_("The closing does not say what its days say."),
    Kind.SIGNATURES_NOT_CHECKED: N_("Everything else was checked and is well."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong."""

    kind: Kind
    what: Said
    path: str = ""
    """The file, from the directory of the export; empty where it is the directory itself."""
    terminal_id: str | None = None
    z_number: int | None = None


class FaultFound(Exception):
    """The export is not well; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what.words)
        self.fault = fault


def found(kind: Kind, path: str, words: str, **values: "str | int | Amount") -> FaultFound:
    """The fault of a file, to be raised; a report's path tells its terminal and number."""
    parts = path.split("/")
    is_of_a_z = len(parts) == 3 and parts[0] in ("reports", "acknowledgements") and parts[2][1:-5].isdigit()
    return FaultFound(
        Fault(
            kind,
            Said(words, values),
            path,
            parts[1] if is_of_a_z else None,
            int(parts[2][1:-5]) if is_of_a_z else None,
        )
    )
