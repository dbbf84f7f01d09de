"""A machine where the library of keyrings is not installed, such as a 32-bit Pi."""

import os
import subprocess
import sys
from pathlib import Path

KEEP_A_TOKEN = """
import sys
sys.modules["keyring"] = None
from pathlib import Path
from factorypos_tui.credentials import open_credentials
home = Path(sys.argv[1])
credentials = open_credentials(home, home / "credentials.json", "auto")
credentials.set("user", "a token")
print(credentials.backend, credentials.get("user"))
"""


def test_the_file_keeps_the_token(tmp_path: Path) -> None:
    desktop = {"PATH": os.environ["PATH"], "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    command = [sys.executable, "-c", KEEP_A_TOKEN, str(tmp_path)]
    kept = subprocess.run(command, env=desktop, capture_output=True, text=True, check=True)
    assert kept.stdout == "file a token\n"
