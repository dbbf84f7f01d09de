"""Data upload is offered where the documentation says so, and never overwrites a version that no person has
seen."""

from pathlib import Path

import pytest

from factorypos_tui.core.answers import StoredConfiguration
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.download import (
    accept_download,
    look_at_download,
)
from factorypos_tui.core.configuration.state import NoUpload, configuration_status, no_upload_words
from factorypos_tui.core.configuration.upload import ConfigurationChanged, accept_upload, look_at_upload
from factorypos_tui.core.configuration.wording import cloud_words
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    ConfigurationInvalid,
    UploadNotOffered,
)
from tests.support.configurations import BAR, with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to, why_not
from tests.support.stations import Shop, open_shop


def test_the_first_upload_is_offered_and_after_it_none_is(unlicensed: Shop) -> None:
    assert why_not(unlicensed) is None
    upload = look_at_upload(unlicensed.station)
    assert upload.theirs is None
    etag = accept_upload(unlicensed.station, upload)
    stored = unlicensed.cloud.configurations[upload.assignment.store.id]
    assert stored == StoredConfiguration(etag, encode(unlicensed.till.configuration()))
    status = configuration_status(unlicensed.station)
    assert (status.changed_here, status.changed_there) == (False, False)
    for changed_here in ("SELECT 1", "UPDATE prices SET amount = 999 WHERE item = 'CAFE'"):
        unlicensed.till.database().execute(changed_here)
        assert why_not(unlicensed) is NoUpload.UPLOADED
        with pytest.raises(UploadNotOffered, match="uploaded only once") as not_offered:
            look_at_upload(unlicensed.station)
    assert not_offered.value.exit_code == 1


def test_with_the_licence_every_change_here_is_offered_whichever_till_sent_last(
    unlicensed: Shop,
) -> None:
    license_to(unlicensed, LICENSED)
    accept_upload(unlicensed.station, look_at_upload(unlicensed.station))
    for price in (998, 999):
        assert why_not(unlicensed) is NoUpload.SAME
        assert look_at_upload(unlicensed.station).same
        unlicensed.till.database().execute("UPDATE prices SET amount = ? WHERE item = 'CAFE'", price)
        assert why_not(unlicensed) is None
        upload = look_at_upload(unlicensed.station)
        assert not upload.needs_word
        accept_upload(unlicensed.station, upload)
    in_the_cloud(unlicensed, BAR)
    assert why_not(unlicensed) is NoUpload.SAME
    with pytest.raises(UploadNotOffered, match="offered again once it is changed here"):
        look_at_upload(unlicensed.station)
    unlicensed.close_day()
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    assert why_not(unlicensed) is NoUpload.SAME
    unlicensed.till.database().execute("UPDATE prices SET amount = 999 WHERE item = 'COFFEE'")
    assert why_not(unlicensed) is None


@pytest.mark.parametrize("licence", ["{}", LICENSED])
@pytest.mark.parametrize("way", ["uploaded", "downloaded"])
def test_a_cloud_that_lost_the_configuration_gets_it_again(unlicensed: Shop, licence: str, way: str) -> None:
    if way == "uploaded":
        accept_upload(unlicensed.station, look_at_upload(unlicensed.station))
    else:
        unlicensed.close_day()
        in_the_cloud(unlicensed, BAR)
        accept_download(unlicensed.station, look_at_download(unlicensed.station))
    license_to(unlicensed, licence)
    unlicensed.till.database().execute("UPDATE terminal SET wizard_finished = 0")
    unlicensed.cloud.configurations.clear()
    status = configuration_status(unlicensed.station)
    assert status.no_upload is None
    assert cloud_words(status) == "has none any more"
    upload = look_at_upload(unlicensed.station)
    etag = accept_upload(unlicensed.station, upload)
    stored = unlicensed.cloud.configurations[upload.assignment.store.id]
    assert stored == StoredConfiguration(etag, encode(unlicensed.till.configuration()))
    assert why_not(unlicensed) is (NoUpload.SAME if licence == LICENSED else NoUpload.UPLOADED)


def test_an_unfinished_wizard_a_download_and_another_terminals_upload_each_end_the_offer(
    unlicensed: Shop,
) -> None:
    database = unlicensed.till.database()
    unlicensed.close_day()
    database.execute("UPDATE terminal SET wizard_finished = 0")
    assert why_not(unlicensed) is NoUpload.WIZARD
    database.execute("UPDATE terminal SET wizard_finished = 1")
    in_the_cloud(unlicensed, BAR)
    assert why_not(unlicensed) is NoUpload.NOT_ALLOWED
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    assert why_not(unlicensed) is NoUpload.DOWNLOADED
    database.execute("DELETE FROM prices")
    assert why_not(unlicensed) is NoUpload.NOTHING


def test_the_licence_lifts_all_of_that_with_the_word_of_the_owner(unlicensed: Shop) -> None:
    unlicensed.close_day()
    license_to(unlicensed, LICENSED)
    unlicensed.till.database().execute("UPDATE terminal SET wizard_finished = 0")
    in_the_cloud(unlicensed, BAR)
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    unlicensed.till.database().execute("UPDATE prices SET amount = 999 WHERE item = 'COFFEE'")
    assert why_not(unlicensed) is None
    upload = look_at_upload(unlicensed.station)
    unlicensed.cloud.end_sessions()
    with pytest.raises(CloudRefused):
        accept_upload(unlicensed.station, upload)
    assert unlicensed.cloud.configurations[upload.assignment.store.id].document == encode(BAR)


def test_a_licensed_till_replaces_the_version_it_saw(unlicensed: Shop) -> None:
    unlicensed.close_day()
    license_to(unlicensed, LICENSED)
    in_the_cloud(unlicensed, BAR)
    accept_download(unlicensed.station, look_at_download(unlicensed.station))
    unlicensed.till.database().execute("UPDATE prices SET amount = 999 WHERE item = 'COFFEE'")
    upload = look_at_upload(unlicensed.station)
    assert [(c.section.value, c.code) for c in upload.difference.changes] == [("prices", "COFFEE")]
    accept_upload(unlicensed.station, upload)
    stored = unlicensed.cloud.configurations[upload.assignment.store.id].document
    assert stored == encode(with_item(BAR, "COFFEE", prices={"BAR": 999}))
    assert why_not(unlicensed) is NoUpload.SAME


def test_every_reason_is_said_in_words(shop: Shop) -> None:
    words = {no_upload_words(why, shop.till.can) for why in NoUpload}
    assert len(words) == len(NoUpload)


def test_another_store_is_another_story(unlicensed: Shop) -> None:
    accept_upload(unlicensed.station, look_at_upload(unlicensed.station))
    unlicensed.assign_new_store("Playa")
    status = configuration_status(unlicensed.station)
    assert (status.connection, status.etag, status.no_upload) == (None, None, None)


def test_a_lost_race_shows_both_sides_and_starts_again_from_the_new_state(unlicensed: Shop) -> None:
    license_to(unlicensed, LICENSED)
    first = in_the_cloud(unlicensed, BAR)
    upload = look_at_upload(unlicensed.station)
    theirs = with_item(BAR, "BEER", name="Ale")
    second = in_the_cloud(unlicensed, theirs)
    with pytest.raises(ConfigurationChanged) as lost:
        accept_upload(unlicensed.station, upload)
    assert (lost.value.status, lost.value.code, lost.value.exit_code) == (412, "configuration_changed", 5)
    again = lost.value.upload
    assert (upload.etag, again.etag) == (first, second)
    assert again.theirs
    assert again.theirs.document == encode(theirs)
    assert again.difference != upload.difference
    assert again.document == upload.document
    assert unlicensed.cloud.configurations[upload.assignment.store.id].document == encode(theirs)
    accept_upload(unlicensed.station, again)
    assert unlicensed.cloud.configurations[upload.assignment.store.id].document == upload.document


def test_losing_the_first_upload_to_another_terminal_shows_theirs(unlicensed: Shop) -> None:
    upload = look_at_upload(unlicensed.station)
    in_the_cloud(unlicensed, BAR)
    with pytest.raises(ConfigurationChanged) as lost:
        accept_upload(unlicensed.station, upload)
    assert (lost.value.status, lost.value.code) == (403, "upload_not_allowed")
    assert lost.value.upload.theirs
    assert lost.value.upload.theirs.document == encode(BAR)
    assert why_not(unlicensed) is NoUpload.NOT_ALLOWED


def test_an_upload_whose_answer_was_lost_is_found_to_have_arrived(
    unlicensed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = unlicensed.cloud.put_configuration

    def lose_the_answer(token: str, document: bytes, etag: str | None) -> str:
        put(token, document, etag)
        raise CloudUnreachable("no answer", "timeout")

    upload = look_at_upload(unlicensed.station)
    with monkeypatch.context() as bad_line:
        bad_line.setattr(unlicensed.cloud, "put_configuration", lose_the_answer)
        with pytest.raises(CloudUnreachable):
            accept_upload(unlicensed.station, upload)
    stored = unlicensed.cloud.configurations[upload.assignment.store.id]
    assert accept_upload(unlicensed.station, upload) == stored.etag
    assert why_not(unlicensed) is NoUpload.UPLOADED


def test_after_a_lost_answer_looking_again_finds_nothing_to_upload(unlicensed: Shop) -> None:
    upload = look_at_upload(unlicensed.station)
    token = unlicensed.credentials.tokens["terminal"].split()[-1]
    etag = unlicensed.cloud.put_configuration(token, upload.document, None)
    again = look_at_upload(unlicensed.station)
    assert again.same
    assert not again.difference.changes
    assert accept_upload(unlicensed.station, again) == etag


def test_a_refusal_that_is_no_race_is_passed_on(unlicensed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(token: str, document: bytes, etag: str | None) -> str:
        raise CloudRefused("No.", 403, "upload_not_allowed")

    upload = look_at_upload(unlicensed.station)
    monkeypatch.setattr(unlicensed.cloud, "put_configuration", refuse)
    with pytest.raises(CloudRefused) as refused:
        accept_upload(unlicensed.station, upload)
    assert not isinstance(refused.value, ConfigurationChanged)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ("UPDATE items SET name = 'two' || char(10) || 'lines' WHERE code = 'CAFE'", "items CAFE, name"),
        ("UPDATE taxes SET rate = '5.' WHERE code = 'IVA10'", "taxes IVA10, rate"),
        ("UPDATE terminal SET currency = 'XXX'", "company, currency"),
        ("UPDATE departments SET active = 0 WHERE code = 'CAFES'", "department: there is no CAFES"),
    ],
)
def test_what_no_other_till_could_take_is_not_uploaded(unlicensed: Shop, spoil: str, fault: str) -> None:
    unlicensed.till.database().execute(spoil)
    with pytest.raises(ConfigurationInvalid, match=f"cannot be uploaded.*{fault}"):
        look_at_upload(unlicensed.station)
    assert not unlicensed.cloud.configurations


def test_fields_that_an_upload_would_take_away_are_named(unlicensed: Shop) -> None:
    license_to(unlicensed, LICENSED)
    in_the_cloud(unlicensed, encode(BAR).replace(b'"code":"BEER"', b'"code":"BEER","allergens":["gluten"]'))
    assert look_at_upload(unlicensed.station).lost == ["items.allergens"]


def test_a_new_terminal_uploads_the_very_bytes_that_it_downloaded(unlicensed: Shop, tmp_path: Path) -> None:
    accept_upload(unlicensed.station, look_at_upload(unlicensed.station))
    store = configuration_status(unlicensed.station).store
    document = unlicensed.cloud.configurations[store.id].document
    with open_shop(tmp_path / "second") as second:
        second.connect()
        second.close_day()
        in_the_cloud(second, document)
        accept_download(second.station, look_at_download(second.station))
        assert look_at_upload(second.station).document == document
