"""A hook of the build: what is built from a checkout says of which commit it is."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "factorypos_tui/build.txt"


class NameTheBuild(BuildHookInterface):  # type: ignore[type-arg]  # of any target
    """Puts `build.txt`, such as `g1234abc`, beside the program; a source archive carries it on."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write it, where this is a checkout; an editable installation asks git each time."""
        if version == "editable" or not (Path(self.root) / ".git").exists():
            return
        ask = ["git", "-C", self.root, "describe", "--always", "--exclude=*", "--dirty=.dirty"]
        commit = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
        file = Path(self.directory, "build.txt")
        file.write_text(f"g{commit}\n", "utf-8")
        build_data["force_include"][str(file)] = NAME

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Nothing is left beside what was built."""
        Path(self.directory, "build.txt").unlink(missing_ok=True)
