"""A desktop's bus and its keyring as real processes: `org.freedesktop.secrets`, as the program sees it.

It keeps its secrets in a file, so that another one with other manners may follow it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.support.waiting import eventually

DAEMON = shutil.which("dbus-daemon")
WHY_NOT = "dbus-daemon is not installed, so there is no bus for a keyring"
_BUS = """<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""
_ROOT = "/org/freedesktop/secrets"
_COLLECTION, _SESSION, _PROMPT = f"{_ROOT}/collection/login", f"{_ROOT}/session/1", f"{_ROOT}/prompt/1"
_NO_PROMPT = "/"
_READY = "ready"


@contextmanager
def bus(folder: Path) -> Iterator[str]:
    """A bus with nobody on it, and nothing that it could start; gives its address."""
    assert DAEMON
    socket = folder / "bus"
    (folder / "bus.conf").write_text(_BUS.format(socket=socket))
    command = [DAEMON, f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as daemon:
        try:
            eventually(socket.exists)
            yield f"unix:path={socket}"
        finally:
            daemon.kill()


@contextmanager
def secret_service(address: str, secrets: Path, manners: str) -> Iterator["subprocess.Popen[str]"]:
    """The service with its `manners`: `open`, `silent` (it never answers), `locked` (its prompt is never
    answered), `dismissed` (a person closes the prompt), or the name of the call that it dies of."""
    command = [sys.executable, "-m", "tests.support.secret_service", str(secrets), manners]
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as service:
        try:
            assert service.stdout
            assert service.stdout.readline().strip() == _READY
            yield service
        finally:
            service.kill()


class _Service:
    """Answers one call after the other."""

    def __init__(self, file: Path, manners: str) -> None:
        self._file, self._manners = file, manners
        self._is_locked = manners in ("locked", "dismissed")
        self._items: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
        self._bus, self._made = open_dbus_connection("SESSION"), 0

    def serve(self) -> None:
        self._bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
        sys.stdout.write(f"{_READY}\n")
        sys.stdout.flush()
        while True:
            call = self._bus.receive()
            if call.header.message_type is MessageType.method_call and self._manners != "silent":
                self._answer(call)

    def _answer(self, call: Message) -> None:
        name, path = call.header.fields[HeaderFields.member], call.header.fields[HeaderFields.path]
        if name == self._manners:
            os._exit(1)
        handler = getattr(self, f"_on_{_snake(name)}", None)
        if handler is None or (name == "OpenSession" and call.body[0] != "plain"):
            self._bus.send(new_error(call, "org.freedesktop.DBus.Error.NotSupported", "s", (name,)))
            return
        signature, body = handler(path, *call.body)
        self._bus.send(new_method_return(call, signature, body))
        if name == "Prompt" and self._manners == "dismissed":
            prompt = DBusAddress(_PROMPT, interface="org.freedesktop.Secret.Prompt")
            self._bus.send(new_signal(prompt, "Completed", "bv", (True, ("ao", []))))

    def _on_open_session(self, _path: str, _kind: str, _input: object) -> Any:
        return "vo", (("s", ""), _SESSION)

    def _on_read_alias(self, _path: str, _alias: str) -> Any:
        return "o", (_COLLECTION,)

    def _on_get(self, _path: str, _interface: str, name: str) -> Any:
        known: dict[str, Any] = {"Locked": ("b", self._is_locked), "Label": ("s", "Login")}
        known["Collections"] = ("ao", [_COLLECTION])
        return "v", (known[name],)

    def _on_unlock(self, _path: str, objects: list[str]) -> Any:
        return "aoo", ([], _PROMPT) if self._is_locked else (objects, _NO_PROMPT)

    def _on_prompt(self, _path: str, _window: str) -> Any:
        return "", ()

    def _on_search_items(self, _path: str, wanted: dict[str, str]) -> Any:
        found = [str(item["path"]) for item in self._items if wanted.items() <= item["attributes"].items()]
        return "ao", (found,)

    def _on_get_secret(self, path: str, _session: str) -> Any:
        (item,) = (item for item in self._items if item["path"] == path)
        return "(oayays)", ((_SESSION, b"", item["secret"].encode(), "text/plain"),)

    def _on_create_item(self, _path: str, properties: dict[str, Any], secret: Any, _replace: bool) -> Any:
        attributes = properties["org.freedesktop.Secret.Item.Attributes"][1]
        self._made += 1
        path = f"{_COLLECTION}/{os.getpid()}_{self._made}"
        kept = [item for item in self._items if item["attributes"] != attributes]
        new = {"path": path, "attributes": attributes, "secret": bytes(secret[2]).decode()}
        self._keep([*kept, new])
        return "oo", (path, _NO_PROMPT)

    def _on_delete(self, path: str) -> Any:
        self._keep([item for item in self._items if item["path"] != path])
        return "o", (_NO_PROMPT,)

    def _keep(self, items: list[dict[str, Any]]) -> None:
        self._items = items
        self._file.write_text(json.dumps(items))


def _snake(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


if __name__ == "__main__":
    _Service(Path(sys.argv[1]), sys.argv[2]).serve()
