"""What commands print: data to standard output, messages for people to standard error.

All output of a command is made harmless here: names come from tills, clouds and files, and a terminal would
obey control characters in them."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any, TypeVar

import click

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import escaped, filled, harmless, one_line, width

F = TypeVar("F", bound=Callable[..., Any])
_STDOUT, _STDERR = 1, 2
NO_READER = 128 + 13
"""What a shell says of a program that SIGPIPE ended: 1 would be an answer of `check` and `verify`."""


def json_option(command: F) -> F:
    """`--json`: print one JSON document on standard output and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for scripts."))(command)


def whole_number(least: int, most: int | None = None) -> click.IntRange:
    """The type of an argument that counts; click's own name for it is hard to read in an error."""
    kind = click.IntRange(least, most)
    kind.name = _("whole number")
    return kind


def tell(words: str, *, err: bool = False) -> None:
    """Print lines on standard output, or on standard error; every text that a command prints goes through
    here."""
    with ending_with_the_reader():
        click.echo(harmless(words), err=err)


@contextmanager
def ending_with_the_reader() -> Iterator[None]:
    """End the process quietly where the program that read the output has ended, as `| head` does."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (_STDOUT, _STDERR):  # else Python tries again at the end, and says that it failed
            os.dup2(nowhere, stream)
        sys.exit(NO_READER)


def say(words: str) -> None:
    """Print a message for the person at the keyboard."""
    tell(words, err=True)


def refuse(error: click.ClickException) -> None:
    """Print what click found wrong with a command; it repeats what was typed."""
    said = StringIO()
    error.show(said)
    tell(said.getvalue().rstrip("\n"), err=True)


def print_json(document: object) -> None:
    """Print one JSON document as one line, in ASCII, so that no locale can change it."""
    tell(json.dumps(document))


def print_document(document: bytes) -> None:
    """Print a JSON document to the byte; on a terminal, which would obey control characters, print it
    escaped."""
    if sys.stdout.isatty():
        tell(escaped(document.decode()))
    else:
        with ending_with_the_reader():
            sys.stdout.buffer.write(document)
            sys.stdout.buffer.flush()


def agreed(question: str) -> bool:
    """Ask yes or no in the operator's language, which click's own question cannot do; the default is no."""
    choices = _("[y/N]")
    words = f"{harmless(question)} {choices}"
    answer: str = click.prompt(words, default="", show_default=False, err=True)
    return answer.strip().casefold() in _("y yes").split()


def agree(question: str) -> None:
    """Ask yes or no; raises `FactoryPosError` where the person says no."""
    if not agreed(question):
        raise FactoryPosError(_("Nothing was changed."))


def asked(question: str, default: str) -> str:
    """What the person types; `default` where they only press Enter, and again where there is none."""
    return str(click.prompt(harmless(question), default=harmless(default) or None, err=True))


def secret(question: str, *, may_be_empty: bool = False) -> str:
    """What the person types, not shown."""
    default = "" if may_be_empty else None
    return str(click.prompt(question, default=default, show_default=False, hide_input=True, err=True))


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """A line that is overwritten with each step, and deleted by an empty one and at the end; nothing is
    printed where there is no terminal."""
    shown = 0

    def show(words: str) -> None:
        nonlocal shown
        click.echo("\r" + filled(harmless(words), shown) + ("" if words else "\r"), err=True, nl=False)
        shown = width(harmless(words))

    try:
        yield show if sys.stderr and sys.stderr.isatty() else lambda _words: None
    finally:
        if shown:
            click.echo("\r" + " " * shown + "\r", err=True, nl=False)


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print one line for each heading and its value."""
    for heading, words in facts:
        tell(f"{heading + ':':<16}{one_line(words)}")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns, each as wide as its widest cell."""
    table = [[one_line(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(width(row[n]) for row in table) for n in range(len(headings))]
    for row in table:
        tell("  ".join(filled(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip())
