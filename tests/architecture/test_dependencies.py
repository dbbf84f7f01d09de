"""What is installed along, on which machine."""

import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
COMPILED = (".so", ".pyd", ".dylib")


def requirements_of(name: str, extras: frozenset[str]) -> list[str]:
    if name == "factorypos-tui":  # what is installed may be older than the source
        optional = PROJECT["optional-dependencies"]
        return [*PROJECT["dependencies"], *(it for extra in extras for it in optional.get(extra, ()))]
    return distribution(name).requires or []


def installed_along(machine: str, extra: str = "") -> set[str]:
    """Every library that the program, with this extra, brings to a Linux of this kind of processor."""
    environment = {"platform_machine": machine, "sys_platform": "linux", "platform_system": "Linux"}
    found: set[str] = set()
    waiting = [("factorypos-tui", frozenset({extra}))]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        for text in requirements_of(name, extras):
            wanted = Requirement(text)
            holds = wanted.marker is None or any(
                wanted.marker.evaluate({**environment, "extra": one}) for one in extras | {""}
            )
            step = canonicalize_name(wanted.name), frozenset(wanted.extras)
            if holds and step not in seen:
                seen.add(step)
                found.add(step[0])
                waiting.append(step)
    return found


# A 64-bit kernel calls itself armv8l to programs of 32 bits.
@pytest.mark.parametrize("machine", ["armv6l", "armv7l", "armv8l"])
@pytest.mark.parametrize("extra", ["", "unicenta"])
def test_a_till_on_a_32_bit_pi_needs_no_compiler(machine: str, extra: str) -> None:
    compiled = {
        name
        for name in installed_along(machine, extra)
        if any(str(file).endswith(COMPILED) for file in distribution(name).files or ())
    }
    assert compiled == set()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_till_of_64_bits_has_a_sound_sqlite_and_the_keyring(machine: str) -> None:
    assert {"cysqlite", "keyring", "secretstorage"} <= installed_along(machine)
