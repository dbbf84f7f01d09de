"""`verify`: looks through a whole export, and says the first thing that is wrong, or what it holds."""

from dataclasses import dataclass
from pathlib import Path

from factorypos_tui.archive.verify.acknowledgements import check_acknowledgement
from factorypos_tui.archive.verify.announced import Announced, AnnouncedTerminal, read_announced
from factorypos_tui.archive.verify.chain import Chain
from factorypos_tui.archive.verify.closings import Closings
from factorypos_tui.archive.verify.directory import EXPORT, KEYS, Directory, check_closed
from factorypos_tui.archive.verify.faults import N_, Fault, FaultFound, Kind, Said, found
from factorypos_tui.archive.verify.reports import Z, read_z
from factorypos_tui.archive.verify.signatures import Key, Signatures, read_keys
from factorypos_tui.archive.verify.tables import check_files, check_tables


@dataclass(frozen=True, slots=True)
class SeenTerminal:
    """What an export holds of a terminal."""

    terminal_id: str
    name: str
    count: int
    first: Z
    last: Z
    acknowledged: int
    signed: int
    beside: tuple[int, ...]
    """Days that were closed late or mended, and stand beside the chain."""
    left_out: tuple[tuple[int, int], ...]
    """Numbers over which the chain closes, first and last of each run."""
    not_asked_for: tuple[tuple[int, int], ...]
    """Numbers of Zs of other stores or days, first and last of each run; their hashes are not proved."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. With a fault it says how far the look came."""

    fault: Fault | None
    announced: Announced | None = None
    terminals: tuple[SeenTerminal, ...] = ()
    closings: int = 0
    signed_closings: int = 0
    closings_without_all_days: int = 0
    days_in_no_closing: int = 0
    keys: tuple[tuple[Key, int], ...] = ()
    """The keys that something is signed with, and how many signatures of each fit."""

    @property
    def signed(self) -> int:
        """How many reports a cloud signed for."""
        return sum(it.signed for it in self.terminals)


def verify(root: Path) -> Verdict:
    """What the export in a directory is worth; needs nothing else, and changes nothing."""
    try:
        return _checked(Directory(root))
    except FaultFound as error:
        return Verdict(error.fault)


def _checked(directory: Directory) -> Verdict:
    check_closed(directory)
    announced = read_announced(directory.read(EXPORT), EXPORT)
    check_files(directory, announced)
    if announced.format != "json":
        check_tables(directory, announced)
        return Verdict(None, announced)
    keys = read_keys(directory.read(KEYS), KEYS) if directory.has(KEYS) else {}
    signatures = Signatures(keys)
    look = _Look(directory, announced, signatures)
    look.at_reports()
    closings = Closings(directory, announced, look.zs, signatures)
    closings.check()
    return Verdict(
        _not_checked(signatures),
        announced,
        tuple(look.terminals),
        closings.count,
        closings.signed,
        closings.without_all_days,
        len(closings.days_in_none),
        tuple((keys[key_id], n) for key_id, n in sorted(signatures.checked.items())),
    )


def _not_checked(signatures: Signatures) -> Fault | None:
    if not signatures.not_checked:
        return None
    words = N_("Signatures that were not checked: {n}. This machine lacks the extra {extra}.")
    said = Said(words, {"n": signatures.not_checked, "extra": "factorypos-tui[archive]"})
    return Fault(Kind.SIGNATURES_NOT_CHECKED, said)


class _Look:
    """The look through the reports, terminal by terminal in the order of their numbers."""

    def __init__(self, directory: Directory, announced: Announced, signatures: Signatures) -> None:
        self._directory, self._announced, self._signatures = directory, announced, signatures
        self.zs: dict[tuple[str, int], Z] = {}
        self.terminals: list[SeenTerminal] = []

    def at_reports(self) -> None:
        """Raises `FaultFound` at the first report that is not well."""
        of_terminal: dict[str, list[tuple[int, str]]] = {}
        for path in self._directory.paths("reports/"):
            _folder, terminal_id, name = path.split("/")
            of_terminal.setdefault(terminal_id, []).append((int(name[1:-5]), path))
        acknowledged = set(self._directory.paths("acknowledgements/"))
        announced = {it.terminal_id: it for it in self._announced.terminals}
        for terminal_id, paths in of_terminal.items():
            if terminal_id not in announced:
                words = N_("It does not name the terminal {terminal_id}.")
                raise found(Kind.NOT_AS_ANNOUNCED, EXPORT, words, terminal_id=terminal_id)
            self._at_terminal(announced[terminal_id], sorted(paths), acknowledged)
        for seen in self.terminals:
            told = announced.pop(seen.terminal_id)
            here = (seen.first.z_number, seen.last.z_number, seen.count)
            if here != (told.first_z_number, told.last_z_number, told.count):
                words = N_("It names {told} Zs of the terminal {terminal_id}; here are {here}.")
                terminal_id, count = seen.terminal_id, seen.count
                raise found(
                    Kind.NOT_AS_ANNOUNCED, EXPORT, words, told=told.count, terminal_id=terminal_id, here=count
                )
        for path in sorted(acknowledged):
            raise found(Kind.NOT_AS_ANNOUNCED, path, N_("It acknowledges a report that is not here."))
        for terminal_id in announced:
            words = N_("It names the terminal {terminal_id}, of which nothing is here.")
            raise found(Kind.NOT_AS_ANNOUNCED, EXPORT, words, terminal_id=terminal_id)

    def _at_terminal(
        self, told: AnnouncedTerminal, paths: list[tuple[int, str]], acknowledged: set[str]
    ) -> None:
        chain = Chain(begins_later=self._announced.first_date is not None, not_here=told.not_here)
        not_here = {it.z_number for it in told.not_here}
        answered = signed = 0
        for number, path in paths:
            if number in not_here:
                raise found(Kind.NOT_AS_ANNOUNCED, path, N_("It is here, though export.json says it is not."))
            z = read_z(self._directory.read(path), path)
            if not self._announced.covers(z.business_date, z.business_date):
                words = N_("Its day, {date}, is not of the days that were asked for.")
                raise found(Kind.NOT_AS_ANNOUNCED, path, words, date=z.business_date)
            chain.add(z)
            self.zs[z.terminal_id, z.z_number] = z
            beside = path.replace("reports/", "acknowledgements/", 1)
            if beside in acknowledged:
                acknowledged.remove(beside)
                answer = self._directory.read(beside)
                answered += 1
                signed += check_acknowledgement(answer, beside, z, self._signatures)
        zs = [self.zs[z.terminal_id, number] for number, _path in paths]
        self.terminals.append(
            SeenTerminal(
                z.terminal_id,
                told.name,
                len(zs),
                zs[0],
                zs[-1],
                answered,
                signed,
                tuple(chain.beside),
                tuple(chain.left_out),
                tuple(chain.not_asked_for),
            )
        )
