"""Films of a terminal as asciicast v2: a line of JSON about the film, then a line for each moment."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.screens import Emulator


@dataclass(frozen=True)
class Moment:
    """What the terminal gets at once."""

    at_s: float
    """Since the beginning."""
    output: str


@dataclass(frozen=True)
class Cast:
    """A film of a terminal that keeps its size."""

    title: str
    columns: int
    lines: int
    moments: Sequence[Moment]

    @property
    def text(self) -> str:
        """The file."""
        header = {"version": 2, "width": self.columns, "height": self.lines, "title": self.title}
        header |= {"env": {"TERM": "xterm-256color"}}
        lines = [header, *([round(moment.at_s, 2), "o", moment.output] for moment in self.moments)]
        return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)

    def frames(self) -> Iterator[tuple[float, list[str]]]:
        """The seconds, and the rows of the terminal then."""
        terminal = Emulator(self.columns, self.lines)
        for moment in self.moments:
            terminal.feed(moment.output)
            yield moment.at_s, list(terminal.screen.display)


def read_cast(text: str) -> Cast:
    """The film in a file; raises ValueError for what is none."""
    header, *lines = map(json.loads, text.splitlines())
    if header["version"] != 2 or any(kind != "o" for _at, kind, _output in lines):
        raise ValueError("not the output of a terminal as asciicast v2")
    moments = [Moment(at, output) for at, _kind, output in lines]
    return Cast(header["title"], header["width"], header["height"], moments)
