"""Why the link does not work is classified once: a log-in names it as the worker, status and log do."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.link_wording import link_words
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import Cause, CloudRefused, CloudUnreachable, UsageError
from factorypos_tui.core.language import LANGUAGES, use_language
from factorypos_tui.core.queue.wording import reason_words
from factorypos_tui.core.status.log_wording import entry_words
from factorypos_tui.core.status.status import read_status, status_document
from tests.support.certificate import CERTIFICATE
from tests.support.stations import open_shop
from tests.support.tiny_cloud import TinyCloud
from tests.support.troubles import TROUBLES, Broken, Line, secure

PASSWORD = "a long enough secret"


def client_on(line: Line, cause: str = "") -> FactoryCloud:
    deadline_s = 0.3 if cause == "timeout" else 60
    return FactoryCloud(line.address, ca_file=line.ca_file, proxy=line.proxy, deadline_s=deadline_s)


def log_in_fails(client: FactoryCloud) -> CloudUnreachable:
    with client, pytest.raises(CloudUnreachable) as failure:
        client.log_in("ana@example.com", PASSWORD)
    return failure.value


@pytest.mark.parametrize(("broken", "cause", "words"), TROUBLES.values(), ids=TROUBLES)
def test_a_log_in_names_the_cause(broken: Broken, cause: str, words: str) -> None:
    with broken() as line:
        failure = log_in_fails(client_on(line, cause))
    assert failure.cause == cause
    assert words in str(failure)
    assert str(failure).isprintable()
    assert "s3cret" not in str(failure)


@pytest.mark.parametrize(("broken", "cause", "log_text"), TROUBLES.values(), ids=TROUBLES)
def test_worker_status_and_log_name_the_same_cause(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: Broken, cause: str, log_text: str
) -> None:
    caplog.set_level(logging.WARNING)
    with broken() as line, open_shop(tmp_path) as shop:
        shop.connect()
        shop.sell()
        shop.close_day()
        collect(shop.station)
        with client_on(line, cause) as client:
            station = replace(shop.station, cloud=lambda: client)
            Worker(station).step()
            status = read_status(station)
    assert status_document(status, connected=True)["link"]["cause"] == cause
    assert reason_words(cause) in link_words(status.link)
    tries = [vars(record)["facts"] for record in caplog.records if record.msg == "try failed"]
    assert [facts["cause"] for facts in tries] == [cause]
    told = entry_words({"event": "try failed", **tries[0]})
    assert log_text in told
    assert f"cause {cause}" not in told


def test_each_cause_has_words_of_its_own_in_both_languages() -> None:
    for language in LANGUAGES:
        use_language(language)
        said = [reason_words(cause) for cause in Cause]
        assert len({*said}) == len(said)
        assert not {*said} & {*Cause}
    use_language("es")
    spanish = {cause: reason_words(cause) for cause in Cause}
    use_language("en")
    assert not [cause for cause in Cause if spanish[cause] == reason_words(cause)]


def test_a_list_that_is_really_missing_is_not_a_wrong_path() -> None:
    with TinyCloud() as cloud, FactoryCloud(cloud.address) as client:
        client.register("ana@example.com", PASSWORD, "Ana", "en")
        token = client.log_in("ana@example.com", PASSWORD).token
        with pytest.raises(CloudRefused, match="Look at the list again") as refused:
            client.stores(token, "00000000-0000-4000-8000-000000000000")
    assert (refused.value.status, refused.value.code) == (404, "not_found")


def test_http_to_an_https_port_says_how_the_address_is_to_be() -> None:
    with secure(CERTIFICATE) as address:
        failure = log_in_fails(FactoryCloud(address.replace("https:", "http:")))
    assert "write https:// in cloud_url" in str(failure)


@pytest.mark.parametrize(
    "address",
    ["https://cloud.example.com:99999", "https://127.0.0.1:65536", "https://127.0.0.1:0", "https://xn--a"],
)
def test_an_address_that_nobody_can_have_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(UsageError, match=r"config\.toml"):
        FactoryCloud(address)
    with pytest.raises(UsageError, match=r"config\.toml"):
        FactoryCloud("https://cloud.example.com", proxy=address)


@pytest.mark.parametrize(("how", "token"), [("429", None), ("429", "a-token"), ("503", "a-token")])
def test_the_moment_until_which_the_cloud_wants_to_be_left_alone_is_told(how: str, token: str | None) -> None:
    with TinyCloud() as cloud, FactoryCloud(cloud.address) as client:
        cloud.misbehave(how, value=90)
        with pytest.raises(CloudUnreachable, match=r"(until|after) \d\d:\d\d:\d\d\.$"):
            client.companies(token) if token else client.log_in("ana@example.com", PASSWORD)
        cloud.misbehave(how, value=99_999_999)
        with pytest.raises(CloudUnreachable) as failure:
            client.companies(token) if token else client.log_in("ana@example.com", PASSWORD)
    assert ":" not in str(failure.value).replace(cloud.address, "")
