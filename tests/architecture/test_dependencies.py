"""What is installed along, on which machine."""

import runpy
from importlib.metadata import distribution
from pathlib import Path

import pytest

libraries = runpy.run_path(str(Path(__file__).parents[2] / "packaging" / "deb" / "pinned.py"))["libraries"]
COMPILED = (".so", ".pyd", ".dylib")


def linux_on(machine: str) -> dict[str, str]:
    """What pip asks of a Linux with this kind of processor."""
    return {"platform_machine": machine, "sys_platform": "linux", "platform_system": "Linux"}


# A 64-bit kernel calls itself armv8l to programs of 32 bits.
@pytest.mark.parametrize("machine", ["armv6l", "armv7l", "armv8l"])
@pytest.mark.parametrize("extra", ["", "unicenta"])
def test_a_till_on_a_32_bit_pi_needs_no_compiler(machine: str, extra: str) -> None:
    compiled = {
        name
        for name in libraries(extra, linux_on(machine))
        if any(str(file).endswith(COMPILED) for file in distribution(name).files or ())
    }
    assert compiled == set()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_till_of_64_bits_has_a_sound_sqlite_and_the_keyring(machine: str) -> None:
    assert {"cysqlite", "keyring", "secretstorage"} <= libraries("", linux_on(machine))
