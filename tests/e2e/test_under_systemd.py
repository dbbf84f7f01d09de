"""Service, app and FactoryCLOUD on one machine under a real systemd, as an administrator sets them up."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.machine import Machine, machine
from tests.support.terminals import PASSWORD
from tests.support.waiting import eventually

pytestmark = pytest.mark.long
_HOME = "/var/lib/factorypos-tui"
_UNIT = "factorypos-tui"


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine on which everything was installed, and Ana may open the app, Eva not."""
    with machine(tmp_path_factory.mktemp("machine")) as running:
        running.run("useradd --create-home --groups factorypos ana; useradd --create-home eva")
        running.run("systemctl enable --now factorypos-tui factorycloud")
        yield running


def told(till: Machine, name: str) -> str:
    return till.run(f"systemctl show --value -p {name} {_UNIT}").strip()


def status(till: Machine) -> Any:
    return json.loads(till.run("factorypos-tui status --json"))


def change_unit(till: Machine, name: str, *lines: str) -> None:
    folder = f"/run/systemd/system/{_UNIT}.service.d"
    text = "\n".join(["[Service]", *lines, ""])
    till.run(f"mkdir -p {folder}; cat > {folder}/{name}.conf; systemctl daemon-reload", stdin=text)


def sell_and_close(till: Machine) -> None:
    till.run("factorypos-tui till sale --item CAFE && factorypos-tui till close --yes")


def test_from_an_empty_machine_to_a_report_that_has_arrived(till: Machine) -> None:
    assert told(till, "ActiveState") == "active"
    assert told(till, "StatusText").startswith("No store is assigned yet")
    till.run(f"cat > {_HOME}/config.toml", stdin='cloud_url = "http://127.0.0.1:8080"\n')
    till.run("factorypos-tui till init --catalogue demo")
    sell_and_close(till)
    till.run("factorypos-tui register --email ana@example.com --name Ana --password-stdin", stdin=PASSWORD)
    till.run("factorypos-tui companies create --name Maritim --json")
    company = json.loads(till.run("factorypos-tui companies --json"))["items"][0]["id"]
    till.run(f"factorypos-tui stores create --company {company} --name Bar")
    till.run("factorypos-tui assign --history all")
    eventually(lambda: status(till)["queue"]["delivered"] == 1)
    eventually(lambda: told(till, "StatusText").startswith("Sending reports"))
    assert told(till, "NRestarts") == "0"
    of_others = till.run(f"find {_HOME} ! -user factorypos -o -perm /077 ! -type d").split()
    assert of_others == [f"{_HOME}/config.toml"]
    assert till.run(f"stat -c '%a %U' {_HOME}") == "700 factorypos\n"


def test_a_cashier_of_the_group_opens_the_app_as_its_owner_with_nothing_else_of_hers(till: Machine) -> None:
    seen: list[str] = []
    words = {"TERM": "xterm", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    others = {"FACTORYPOS_CLOUD_URL": "http://evil", "FACTORYPOS_HOME": "/tmp", "PYTHONPATH": "/tmp"}

    def look() -> None:
        seen.extend(till.run("cat $(grep -lz ^SUDO_USER=ana /proc/[0-9]*/environ) | tr '\\0' '\\n'").split())

    till.screen("factorypos-till", user="ana", until="Z 1", then=look, keys="q", **words, **others)
    assert {f"{name}={value}" for name, value in words.items()} <= set(seen)
    ours = {"HOME", "LANG", "LOGNAME", "MAIL", "PATH", "SHELL", "TERM", "USER", *words}
    assert {line.partition("=")[0] for line in seen if not line.startswith("SUDO_")} <= ours


@pytest.mark.parametrize(
    "command",
    [
        "cat /var/lib/factorypos-tui/credentials.json",
        "sudo -n -u factorypos cat /var/lib/factorypos-tui/credentials.json",
        "sudo -n -u factorypos factorypos-tui status",
        "sudo -n -u factorypos factorypos-tui --home /tmp/other",
        "sudo -n -u factorypos FACTORYPOS_CLOUD_URL=http://evil factorypos-tui",
        "sudo -n -u factorypos -E factorypos-tui",
        "sudo -n factorypos-tui",
    ],
)
def test_and_nothing_else(till: Machine, command: str) -> None:
    said = till.run(command, user="ana", code=1, FACTORYPOS_CLOUD_URL="http://evil")
    assert "denied" in said or "password is required" in said or "not allowed" in said


@pytest.mark.parametrize(
    ("language", "told_her"), [("C.UTF-8", "are none"), ("es_ES.UTF-8", "no es uno de ellos")]
)
def test_who_is_not_of_the_group_is_told_how_to_get_in(till: Machine, language: str, told_her: str) -> None:
    said = till.run("factorypos-till", user="eva", code=1, LC_ALL=language)
    assert told_her in said
    assert "sudo usermod -aG factorypos eva" in said
    assert "factorypos-till" in till.run("factorypos-tui status", user="eva", code=1)


def test_what_a_file_of_roots_stops_is_named_and_goes_on_once_that_is_mended(till: Machine) -> None:
    change_unit(till, "soon", "RestartSec=1")
    till.run(f"systemctl stop {_UNIT}; chown root: {_HOME}/sync.db; systemctl start {_UNIT}", code=1)
    said = till.run("factorypos-tui doctor owner", code=1)
    mend = f"sudo chown -R factorypos: {_HOME}"
    assert f"{_HOME}/sync.db belongs to root" in said
    assert mend in " ".join(said.split())
    assert mend in till.run(f"journalctl -u {_UNIT}")
    till.run(mend)
    eventually(lambda: told(till, "ActiveState") == "active")


def test_it_ends_cleanly_and_only_for_good_where_an_administrator_stops_it(till: Machine) -> None:
    before = int(told(till, "NRestarts"))
    till.run(f"systemctl kill --kill-who=main -s HUP {_UNIT}")
    eventually(lambda: int(told(till, "NRestarts")) > before and told(till, "ActiveState") == "active")
    till.run(f"systemctl stop {_UNIT}")
    names = ("ActiveState", "Result", "ExecMainCode", "ExecMainStatus")
    assert [told(till, name) for name in names] == ["inactive", "success", "1", "0"]
    till.run(f"systemctl start {_UNIT}")


def test_one_that_hangs_is_killed_and_started_again_and_sends(till: Machine) -> None:
    change_unit(till, "impatient", "WatchdogSec=3")
    till.run(f"systemctl restart {_UNIT}")
    before = int(told(till, "NRestarts"))
    till.run(f"systemctl kill --kill-who=main -s STOP {_UNIT}")
    eventually(lambda: int(told(till, "NRestarts")) > before and told(till, "ActiveState") == "active")
    assert "Watchdog timeout" in till.run(f"journalctl -u {_UNIT}")
    delivered = status(till)["queue"]["delivered"]
    sell_and_close(till)
    eventually(lambda: status(till)["queue"]["delivered"] == delivered + 1)


def test_a_token_that_rests_encrypted_is_enough_for_the_service(till: Machine) -> None:
    till.run(
        "mkdir -p /etc/credstore.encrypted;"
        " factorypos-tui credentials move systemd --pipe | systemd-creds encrypt"
        " --name=factorypos-terminal-token - /etc/credstore.encrypted/factorypos-terminal-token"
    )
    change_unit(till, "token", "LoadCredentialEncrypted=factorypos-terminal-token")
    till.run(f"systemctl restart {_UNIT}")
    said = till.run("factorypos-tui credentials move systemd")
    assert "terminal" not in json.loads(till.run(f"cat {_HOME}/credentials.json || echo '{{}}'")), said
    delivered = status(till)["queue"]["delivered"]
    sell_and_close(till)
    eventually(lambda: status(till)["queue"]["delivered"] == delivered + 1)


def test_a_user_with_a_terminal_of_her_own_has_a_service_of_her_own(till: Machine) -> None:
    till.run("mkdir -p ~eva/.local/share/factorypos-tui", user="eva")
    till.run("loginctl enable-linger eva")
    number = till.run("id -u eva").strip()
    hers = f"XDG_RUNTIME_DIR=/run/user/{number} systemctl --user"
    eventually(lambda: till.run(f"test -S /run/user/{number}/systemd/private && echo up || true"))
    till.run(f"{hers} start factorypos-tui", user="eva")
    assert "No store is assigned" in till.run(f"{hers} status factorypos-tui", user="eva")
    till.run(f"{hers} stop factorypos-tui", user="eva")
    assert till.run(f"{hers} show --value -p Result factorypos-tui", user="eva") == "success\n"


def test_factorycloud_stops_cleanly_too(till: Machine) -> None:
    till.run("systemctl stop factorycloud")
    assert till.run("systemctl show --value -p Result -p ExecMainStatus factorycloud").split() == [
        "success",
        "0",
    ]
