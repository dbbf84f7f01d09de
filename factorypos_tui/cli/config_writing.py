"""`config.toml` as a template, and its JSON Schema, which `python -m factorypos_tui.cli.config_writing`
prints."""

import json
from collections.abc import Iterator
from dataclasses import Field
from typing import Any

from factorypos_tui.cli.config import Config
from factorypos_tui.cli.config_keys import (
    FROM_ENVIRONMENT,
    WHERE_NOT_SET,
    Bundled,
    CredentialsConfig,
    keys_of,
)
from factorypos_tui.cli.output import tell
from factorypos_tui.cli.tills import KINDS

_HEAD = """\
# factorypos-tui: what an administrator sets for this terminal.
# A setting counts once the # before it is gone. Each shows its default, or an example where there is none.
# A relative path starts at the folder of this file. The file may hold a password: keep its mode 0600.
"""


def template() -> str:
    """A `config.toml` that sets nothing and shows every key."""
    parts = [_HEAD, *_lines(Config), "[till]\n", *_lines(Bundled)]
    for kind, section in KINDS.items():
        if section is not Bundled:
            parts += [f"# Or what `till connect` writes for a till of kind {kind}:\n", *_lines(section)]
    return "\n".join([*parts, "[credentials]\n", *_lines(CredentialsConfig)]).rstrip() + "\n"


def schema() -> dict[str, object]:
    """The JSON Schema of `config.toml`."""
    properties = {
        **_properties(Config),
        "till": {
            "oneOf": [
                _object(section, {} if section is Bundled else {"required": ["kind"]})
                for section in KINDS.values()
            ]
        },
        "credentials": _object(CredentialsConfig, {}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.toml of factorypos-tui",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _lines(section: type) -> Iterator[str]:
    for entry in _in_order(section):
        value = json.dumps(entry.default or entry.metadata["example"], ensure_ascii=False)
        yield f"# {_meaning(entry)}\n#{entry.name} = {value}\n"


def _meaning(entry: Field[Any]) -> str:
    about: str = entry.metadata["about"]
    words = about[0].upper() + about[1:] + "."
    if (choices := entry.metadata["choices"]) and entry.name != "kind":
        words += f" One of: {', '.join(choices)}."
    if names := FROM_ENVIRONMENT.get(entry.name):
        words += f" The variable {names[-1]} goes before it."
    if names := WHERE_NOT_SET.get(entry.name):
        words += f" Without it the variable {names[-1]} counts."
    return words


def _in_order(section: type) -> list[Field[Any]]:
    """The keys, `kind` first."""
    return sorted(keys_of(section), key=lambda entry: entry.name != "kind")


def _object(section: type, more: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": _properties(section), "additionalProperties": False, **more}


def _properties(section: type) -> dict[str, object]:
    return {entry.name: _property(entry, section) for entry in _in_order(section)}


def _property(entry: Field[Any], section: type) -> dict[str, object]:
    found: dict[str, object] = {"description": entry.metadata["about"]}
    if entry.default:
        found["default"] = entry.default
    if most := entry.metadata["most"]:
        return {"type": "integer", "minimum": 1, "maximum": most, **found}
    if section in KINDS.values() and entry.name == "kind":
        return {"const": entry.default, **found}
    if choices := entry.metadata["choices"]:
        return {"enum": list(choices), **found}
    if example := entry.metadata["example"]:
        found["examples"] = [example]
    return {"type": "string", **found}


if __name__ == "__main__":
    tell(json.dumps(schema(), indent=1))
