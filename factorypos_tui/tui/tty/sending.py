"""The fewest bytes that turn the cells last sent into the cells that are wanted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, takewhile
from operator import eq, ne
from typing import NamedTuple

from factorypos_tui.tui.tty.cells import BLANK, INK_ON_BLANKS, Cell, Row, is_blank
from factorypos_tui.tui.tty.pencil import Pencil

_LEAST_MOVED, _FARTHEST = 3, 8
_WORTH_ERASING = 10
"""So many blanks: fewer are fewer bytes than codes that leave them, and a way over them."""


class _Shift(NamedTuple):
    """Lines `top` to `bottom` move up by so many lines, down where it is negative."""

    top: int
    bottom: int
    by: int


def changes(pencil: Pencil, sent: Sequence[Row], wanted: Sequence[Row], lines: Iterable[int]) -> str:
    """What to send if only `lines` may differ; the pencil is moved, too."""
    lines = [line for line in sorted(lines) if sent[line] != wanted[line]]
    pencil.blank = _commonest_blank(pencil, wanted)
    ways = [_amended(pencil.copy(), sent, wanted, lines)]
    ways += (
        _scrolled(pencil.copy(), sent, wanted, shift) for shift in _shifts(sent, wanted, lines, pencil.blank)
    )
    inked = sum(len(row) - row.count(pencil.blank) for row in wanted)
    changed = sum(map(ne, chain(*(sent[line] for line in lines)), chain(*(wanted[line] for line in lines))))
    if inked < changed:
        ways.append(_begun_again(pencil.copy(), wanted))
    pencil.follow(min(ways, key=Pencil.cost))
    return pencil.said()


def _commonest_blank(pencil: Pencil, rows: Sequence[Row]) -> Cell:
    """The blank that most places have which a terminal can erase; every eighth place tells it."""
    blanks = Counter(cell for row in rows for cell in row[::8] if cell.text == " " and pencil.can_erase(cell))
    return max(blanks, key=blanks.__getitem__, default=BLANK)


def _amended(pencil: Pencil, sent: Sequence[Row], wanted: Sequence[Row], lines: Iterable[int]) -> Pencil:
    for line in lines:
        _row_changes(pencil, line, sent[line], wanted[line])
    return pencil


def _begun_again(pencil: Pencil, wanted: Sequence[Row]) -> Pencil:
    """The bytes that begin with a blank screen, which may be fewer."""
    pencil.clear(pencil.blank)
    blanks = [[pencil.blank] * len(row) for row in wanted]
    return _amended(pencil, blanks, wanted, range(len(wanted)))


def _shifts(
    sent: Sequence[Row], wanted: Sequence[Row], lines: Sequence[int], blank: Cell
) -> Iterator[_Shift]:
    """How lines that differ may have moved: many as they are; or by one, and nearly as they are, as the bar
    of a list does. Those move that are the most without `blank`: they are the most to write."""
    best, most = None, _LEAST_MOVED
    for by in (step * sign for step in range(1, _FARTHEST + 1) for sign in (1, -1)):
        moved = [line for line in lines if 0 <= line + by < len(sent) and wanted[line] == sent[line + by]]
        if len(moved) >= most:
            best, most = _shift(moved, by), len(moved) + 1
    if best:
        yield best
    near = {
        by: [line for line in lines if line + by in lines and _is_nearer(wanted, sent, line, by)]
        for by in (1, -1)
    }
    by = max(near, key=lambda by: sum(len(wanted[line]) - wanted[line].count(blank) for line in near[by]))
    if near[by] and (shift := _shift(near[by], by)) != best:
        yield shift


def _shift(moved: Sequence[int], by: int) -> _Shift:
    return _Shift(min(moved[0], moved[0] + by), max(moved[-1], moved[-1] + by), by)


def _is_nearer(wanted: Sequence[Row], sent: Sequence[Row], line: int, by: int) -> bool:
    """Whether a line has much more in common with the one that would move there than with what is there."""
    row, least = wanted[line], len(wanted[line]) // 4
    return (then := _alike(row, sent[line + by])) > least and then - _alike(row, sent[line]) > least


def _alike(one: Row, other: Row) -> int:
    """How many cells are the same in both."""
    return [*map(eq, one, other)].count(True)


def _scrolled(pencil: Pencil, sent: Sequence[Row], wanted: Sequence[Row], shift: _Shift) -> Pencil:
    """Take lines out on one side and put blank ones in on the other, as a list does that scrolls. (Margins
    would do it, too; but who is killed in between would leave them to the shell.)"""
    count = abs(shift.by)
    edges = (shift.top, shift.bottom - count + 1)
    out, into = edges if shift.by > 0 else edges[::-1]
    blank = _commonest_blank(pencil, wanted[into : into + count])
    pencil.take_out(out, count)
    pencil.put_in(into, count, blank)
    rows = [*sent[:out], *sent[out + count :]]
    rows[into:into] = [[blank] * len(row) for row in sent[:count]]
    differing = [line for line in range(len(rows)) if rows[line] != wanted[line]]
    return _amended(pencil, rows, wanted, sorted(differing, key=lambda line: abs(line - into)))


def _row_changes(pencil: Pencil, line: int, sent: Row, wanted: Row) -> None:
    """Send what differs in a line: as it is, or after the rest of the line was erased, whichever is less."""
    differs = list(map(ne, sent, wanted))
    differing = differs.count(True)
    if not differing:
        return
    first, ways = differs.index(True), []
    blank = _commonest_blank(pencil, [wanted[first:]])
    blanks = wanted.count(blank)
    if differing > _WORTH_ERASING < blanks:
        erasing = pencil.copy()
        erasing.advance(first, line, wanted)
        erasing.erase_to_end(blank)
        rest = [*wanted[:first], *[blank] * (len(wanted) - first)]
        ways.append(_written(erasing, line, rest, wanted))
    if not ways or wanted[-1] != blank or differing < len(wanted) - blanks // 2:  # else erasing is less
        ways.append(_written(pencil.copy(), line, sent, wanted))
    pencil.follow(min(ways, key=Pencil.cost))


def _written(pencil: Pencil, line: int, sent: Row, wanted: Row) -> Pencil:
    columns, place = len(wanted), 0
    differs = [*map(ne, sent, wanted), True]
    while (place := differs.index(True, place)) < columns:
        while place and not wanted[place].text:
            place -= 1  # a wide letter is written as a whole
        cell = wanted[place]
        if pencil.column != place or pencil.line != line:
            pencil.advance(place, line, wanted)
        if cell.text == " " and (erased := _to_erase(pencil, sent, wanted, place)):
            if place + erased == columns:
                pencil.erase_to_end(cell)
            else:
                pencil.erase(erased, cell)
            place += erased
        else:
            if not pencil.shows(cell):
                pencil.dip(_ink_for(sent, wanted, place))
            width = _width(wanted, place)
            pencil.write(cell.text, width, columns)
            place += width
    return pencil


def _to_erase(pencil: Pencil, sent: Row, wanted: Row, place: int) -> int:
    """How many blanks from this place on to erase, if writing them is more bytes."""
    blank = wanted[place]
    if not pencil.can_erase(blank):
        return 0
    run = sum(1 for _ in takewhile(blank.__eq__, wanted[place:]))
    differing = [at for at in range(run) if sent[place + at] != blank]
    to_end = place + run == len(wanted)
    count = len(differing) if to_end else differing[-1] + 1
    return (run if to_end else count) if pencil.saves_by_erasing(count, blank, to_end=to_end) else 0


def _ink_for(sent: Row, wanted: Row, place: int) -> Cell:
    """The cell whose pen is the one to write this place with: a blank takes that of the letter after it."""
    ground = wanted[place].look.background
    for at in range(place, len(wanted)):
        cell = wanted[at]
        if not is_blank(cell):
            look = cell.look
            return (
                cell if look.background == ground and not look.attributes & INK_ON_BLANKS else wanted[place]
            )
        if sent[at] == cell:
            break
    return wanted[place]


def _width(row: Row, place: int) -> int:
    """How many columns the letter at a place takes."""
    end = place + 1
    while end < len(row) and row[end].text == "":
        end += 1
    return end - place
