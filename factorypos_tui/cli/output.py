"""What commands print: data to standard output, words for people to standard error."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from factorypos_tui.core.language import _

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """`--json`: one JSON document on standard output and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help=_("Print JSON, for scripts."))(command)


def whole_number(least: int, most: int | None = None) -> click.IntRange:
    """The type of an argument that counts; click's own name for it reads badly in an error."""
    kind = click.IntRange(least, most)
    kind.name = _("whole number")
    return kind


def print_json(document: object) -> None:
    """One JSON document, as one line."""
    click.echo(json.dumps(document, ensure_ascii=False))


def say(words: str) -> None:
    """A message for the person at the keyboard."""
    click.echo(words, err=True)


def agreed(question: str) -> bool:
    """Ask yes or no in the operator's language, which click's own question does not know; no by default."""
    choices = _("[y/N]")
    answer: str = click.prompt(f"{question} {choices}", default="", show_default=False, err=True)
    return answer.strip().casefold() in _("y yes").split()


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    table = [list(headings), *map(list, rows)]
    widths = [max(len(row[n]) for row in table) for n in range(len(headings))]
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
