"""A chart of accounts as the text of its file, from the values that the file has."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Entry: TypeAlias = Mapping[str, str]
Table: TypeAlias = Mapping[str, str | Entry | Sequence[Entry]]
"""Texts first, then groups, then lists, as TOML wants them."""


def chart_text(table: Table) -> str:
    """TOML; `read_chart` says whether it is a chart."""
    return "\n".join(_lines(table)) + "\n"


def _lines(table: Table) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, str):
            yield _line(name, value)
        elif isinstance(value, Mapping):
            yield from ("", f"[{name}]", *(_line(*it) for it in value.items()))
        else:
            for entry in value:
                yield from ("", f"[[{name}]]", *(_line(*it) for it in entry.items()))


def _line(name: str, text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML takes no bare DEL
    return f"{name} = {quoted}"
