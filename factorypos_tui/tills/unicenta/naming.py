"""What the tables, columns and codes in front of us are called: the packaged `names.toml`, what the
administrator's `unicenta.toml` adds to it for a fork, and the spelling that the database itself tells."""

from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factorypos_tui.core.errors import StorageError, TillAbsent, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.tills.unicenta.codes import Codes

FILE = "unicenta.toml"
"""The administrator's file in the home."""
_PACKAGED = Path(__file__).with_name("names.toml")
_LARGEST = 64 * 1024
_KINDS = "kinds."
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class TableNames:
    """A table and its columns, by our words."""

    table: str
    columns: Mapping[str, str]
    """Those that must be there."""
    optional: Mapping[str, str]

    @property
    def needed(self) -> bool:
        """Whether nothing can be read without it."""
        return bool(self.columns)


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called in a fork, and what its codes mean."""

    tables: Mapping[str, TableNames]
    codes: Codes


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a statement names it: `{r}` is `receipts r`, `{r[money]}` is `r.money`, or NULL where the
    column is missing."""

    spelling: str
    alias: str
    columns: Mapping[str, str]
    stamps: frozenset[str] = frozenset()
    """The columns that a MySQL server may fill by itself: its TIMESTAMPs."""

    def __str__(self) -> str:
        return f"{self.spelling} {self.alias}"

    def __getitem__(self, column: str) -> str:
        return f"{self.alias}.{self.columns[column]}" if column in self.columns else "NULL"

    def has(self, *columns: str) -> bool:
        """Whether all these columns are there, and may be read."""
        return all(column in self.columns for column in columns)


def read_names(home: Path) -> Names:
    """The packaged names with the administrator's.

    Raises `UsageError` for a key that is not known, or a name that is none, and `StorageError` where the file
    cannot be read, or others may write to it."""
    values = tomllib.loads(_PACKAGED.read_text("utf-8"))
    file = home / FILE
    own = _read_own(file)
    if own:
        _merge(values, own, file, "")
    return _names(values)


def spell(names: Names, found: Iterable[tuple[str, str, str]]) -> Mapping[str, Table]:
    """The tables that a database has, by our words. `found`: table, column and type, as its catalogue spells
    them, of all that this account may read.

    Raises `TillAbsent` where a table or column that is needed is missing."""
    catalogue: dict[str, dict[str, str]] = {}
    stamps: set[tuple[str, str]] = set()
    for table, column, type_ in found:
        catalogue.setdefault(table, {})[column.lower()] = column
        stamps |= {(table, column)} if type_.lower() == "timestamp" else set()
    style = _style(names, catalogue)
    spelled: dict[str, Table] = {}
    missing: list[str] = []
    for word, wanted in names.tables.items():
        spelling = style(wanted.table)
        if spelling not in catalogue:
            missing += [wanted.table] if wanted.needed else []
            continue
        there = catalogue[spelling]
        missing += [f"{wanted.table}.{name}" for name in wanted.columns.values() if name.lower() not in there]
        called = [*wanted.columns.items(), *wanted.optional.items()]
        known = {ours: there[name.lower()] for ours, name in called if name.lower() in there}
        stamped = frozenset(ours for ours, name in known.items() if (spelling, name) in stamps)
        spelled[word] = Table(spelling, word, known, stamped)
    if missing:
        raise _no_till(missing)
    return spelled


def _style(names: Names, catalogue: Mapping[str, object]) -> Callable[[str], str]:
    """How this database writes the names of its tables. One that was taken over from an older version can
    have both `closedcash` and `CLOSEDCASH`; the tables that belong together are written alike."""
    needed = [table.table for table in names.tables.values() if table.needed]
    for style in (str.lower, str.upper):
        if all(style(name) in catalogue for name in needed):
            return style
    folded = {name.lower(): name for name in sorted(catalogue)}
    return lambda name: folded.get(name.lower(), name)


def _no_till(missing: Sequence[str]) -> TillAbsent:
    return TillAbsent(
        _(
            "These tables or columns of the till are not in that database, or its account may not read them:"
            " {names}. Nothing was changed. Check the name of the database in the url and the rights of the"
            " account. A till that keeps its data in a file of its own (HSQLDB, Derby) cannot be read: it has"
            " to be moved to MySQL, MariaDB or PostgreSQL first."
        ).format(names=", ".join(missing))
    )


def _read_own(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                raise StorageError(
                    _("Others than its owner may use {file}. Set its mode to 0600.").format(file=file), file
                )
            return tomllib.loads(opened.read(_LARGEST).decode("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:  # it is no TOML, or no UTF-8
        raise UsageError(_("{file} cannot be read: {detail}").format(file=file, detail=error)) from error
    except OSError as error:
        raise StorageError(_("{file} cannot be read: {detail}").format(file=file, detail=error)) from error


def _merge(known: dict[str, Any], own: Mapping[str, Any], file: Path, prefix: str) -> None:
    """Put what the administrator's file says in the place of what is known."""
    for key, value in own.items():
        name = prefix + key
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)
            raise UsageError(
                _("{file}: there is no setting {key}. The nearest one is {nearest}.").format(
                    file=file, key=name, nearest=prefix + nearest[0]
                )
            )
        if isinstance(known[key], dict) and isinstance(value, dict):
            _merge(known[key], value, file, f"{name}.")
        elif isinstance(known[key], list) and _are_codes(value, int if prefix == _KINDS else str):
            for list_, codes in known.items():  # a code means one thing: what the administrator says
                known[list_] = [code for code in codes if code not in value]
            known[key] += value
        elif _is_name(known[key], value):
            known[key] = value
        else:
            raise UsageError(_("{file}: {key} has a value that cannot be used.").format(file=file, key=name))


def _are_codes(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(type(code) is kind for code in value)


def _is_name(known: object, value: object) -> bool:
    """Whether a value can stand where `known` stood. A name becomes part of a statement, so it is letters."""
    if isinstance(known, str):
        return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None
    return value == known


def _names(values: Mapping[str, Any]) -> Names:
    tables = {
        word: TableNames(value["table"], value.get("columns", {}), value.get("optional", {}))
        for word, value in values.items()
        if isinstance(value, dict) and "table" in value
    }
    kinds = values["kinds"]
    payment_types = {
        code.lower(): type_ for type_, codes in values["payment_types"].items() for code in codes
    }
    codes = Codes(payment_types, frozenset(kinds["refund"]), frozenset(kinds["settlement"]))
    return Names(tables, codes)
