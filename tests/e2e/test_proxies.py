"""A terminal behind an HTTP proxy, which `config.toml` or the environment names."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificate import CERTIFICATE
from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.tunnel import tunnel

LOG_IN = "ana:s3cret"


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch) -> Iterator[TinyCloud]:
    """A cloud that speaks TLS; the proxy leads every name to it."""
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with TinyCloud(tls=context) as cloud:
        yield cloud


def terminal_of(folder: Path, cloud: TinyCloud, host: str = "cloud.example.com") -> Terminal:
    return Terminal(folder / "till", f"https://{host}:{cloud.address.rpartition(':')[2]}")


def network(terminal: Terminal) -> dict[str, Any]:
    """What `doctor network` finds."""
    found: dict[str, Any] = json.loads(terminal.try_to("doctor", "network", "--json").stdout)["checks"][0]
    return found


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_a_variable_names_the_proxy_and_no_secret_is_told(
    tmp_path: Path, secure: TinyCloud, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    terminal = terminal_of(tmp_path, secure)
    with tunnel(LOG_IN) as proxy:
        monkeypatch.setenv(name, f"http://{LOG_IN}@{proxy.address}")
        who = ("--email", "ana@example.com", "--name", "Ana", "--password-stdin")
        said = terminal.try_to("register", *who, stdin=PASSWORD)
        assert said.returncode == 0, said.stderr
        found = network(terminal)
    assert found["verdict"] == "fine"
    assert f"Through the proxy {proxy.address}, from {name}." in found["words"]
    assert (found["facts"]["proxy"], found["facts"]["proxy_from"]) == (True, name)
    kept = [path.read_bytes() for path in terminal.home.rglob("*") if path.is_file()]
    assert not [content for content in (*kept, json.dumps(found).encode()) if b"s3cret" in content]


def test_the_proxy_of_config_toml_goes_before_a_variable_and_none_can_be_said(
    tmp_path: Path, secure: TinyCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = terminal_of(tmp_path, secure)
    terminal.home.mkdir(mode=0o700)
    file = terminal.home / "config.toml"
    with tunnel() as ours, tunnel() as theirs:
        monkeypatch.setenv("HTTPS_PROXY", theirs.address)  # without http://, as other programs take it
        assert network(terminal)["facts"]["proxy_from"] == "HTTPS_PROXY"
        assert len(theirs.asked) == 1
        file.write_text(f'proxy = "http://{ours.address}"\n')
        assert network(terminal)["facts"]["proxy_from"] == "config.toml"
        assert (len(ours.asked), len(theirs.asked)) == (1, 1)
    file.write_text('proxy = ""\n')
    elsewhere = terminal_of(tmp_path, secure, "x" * 64 + ".example")  # no name server is asked for it
    found = network(elsewhere)
    assert (found["facts"]["proxy"], found["facts"]["cause"]) == (False, "dns")
    assert "Without a proxy." in found["words"]


@pytest.mark.parametrize("spared", ["example", ".example", "*", f"other.test, {'x' * 64}.EXAMPLE"])
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_what_no_proxy_names_is_reached_without_one(
    tmp_path: Path, secure: TinyCloud, monkeypatch: pytest.MonkeyPatch, name: str, spared: str
) -> None:
    terminal = terminal_of(tmp_path, secure, "x" * 64 + ".example")
    with tunnel() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv(name, "other.test")
        assert network(terminal)["facts"]["proxy"] is True
        asked = len(proxy.asked)
        assert asked
        monkeypatch.setenv(name, spared)
        found = network(terminal)
        assert (found["facts"]["proxy"], found["facts"]["cause"]) == (False, "dns")
        assert "NO_PROXY names it" in found["words"]
        assert len(proxy.asked) == asked


def test_this_machine_is_never_reached_by_a_proxy(
    tmp_path: Path, secure: TinyCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = terminal_of(tmp_path, secure, "localhost")
    with tunnel() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        found = network(terminal)
        assert (found["verdict"], found["facts"]["proxy"]) == ("fine", False)
        assert proxy.asked == []


@pytest.mark.parametrize("address", [f"socks5://{LOG_IN}@127.0.0.1:1080", "ftp://proxy:21"])
def test_a_proxy_that_is_not_spoken_is_refused_in_words(
    tmp_path: Path, secure: TinyCloud, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    terminal = terminal_of(tmp_path, secure)
    monkeypatch.setenv("HTTPS_PROXY", address)
    said = terminal.try_to("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
    assert said.returncode == 2
    assert "begin with http:// or https://" in said.stderr
    assert "HTTPS_PROXY" in said.stderr
    assert "s3cret" not in said.stderr + json.dumps(network(terminal))


def test_a_proxy_that_wants_a_log_in_is_the_cause_that_status_tells(
    tmp_path: Path, secure: TinyCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = terminal_of(tmp_path, secure)
    with tunnel(LOG_IN) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        found = network(terminal)
        assert found["facts"]["cause"] == "proxy_authentication"
    assert network(terminal)["facts"]["cause"] == "proxy_unreachable"
