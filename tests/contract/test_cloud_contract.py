"""What every implementation of the port `Cloud` does for a terminal and its reports."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest

from factorypos_tui.core.answers import KnownTerminal
from factorypos_tui.core.errors import CloudRefused, OfAnotherAccount, TokenRefused
from factorypos_tui.core.models import Acknowledgement, Terminal
from factorypos_tui.core.ports import Cloud
from tests.contract.documents import without, x_report, z_report
from tests.contract.shop import Shop, a_store_of_another_account, new_user, open_shop, release
from tests.support.fakes import FakeCloud


@pytest.mark.parametrize("token", ["of-a-cloud-before-it-was-restored", "damaged\n"])
def test_an_unknown_terminal_is_told_to_assign_and_no_log_in(cloud: Cloud, shop: Shop, token: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: cloud.held_zs(token),
        lambda: cloud.binding(token),
        lambda: cloud.configuration(token),
        lambda: cloud.send(token, z_report(shop.terminal.id, 1)),
        lambda: cloud.settle(token, str(uuid4()), "0" * 64),
    ]
    for call in calls:
        with pytest.raises(TokenRefused) as refused:
            call()
        if not isinstance(cloud, FakeCloud):
            assert "ssign the store again." in str(refused.value)
    with pytest.raises(TokenRefused) as refused:
        cloud.companies(token)
    if not isinstance(cloud, FakeCloud):
        assert "Log in again." in str(refused.value)


def test_a_terminal_token_opens_no_account(cloud: Cloud, shop: Shop) -> None:
    with pytest.raises(CloudRefused):
        cloud.companies(shop.token)
    with pytest.raises(CloudRefused):
        cloud.send(shop.user_token, z_report(shop.terminal.id, 1))


def test_enrolling_says_where_the_terminal_is_and_what_it_sent_last(cloud: Cloud, shop: Shop) -> None:
    assert shop.enrolment.store == shop.store
    assert shop.enrolment.company.id == shop.company_id
    assert shop.enrolment.last_z_number is None
    cloud.send(shop.token, z_report(shop.terminal.id, 1))
    again = cloud.enrol(shop.user_token, shop.store.id, shop.terminal, "test", move=False)
    assert again.last_z_number == 1


def test_a_new_terminal_token_ends_the_old_one(cloud: Cloud, shop: Shop) -> None:
    again = cloud.enrol(shop.user_token, shop.store.id, shop.terminal, "test", move=False)
    report = z_report(shop.terminal.id, 1)
    with pytest.raises(TokenRefused):
        cloud.send(shop.token, report)
    assert cloud.send(again.terminal_token, report).result == "created"


def test_a_terminal_moves_only_when_it_is_meant(cloud: Cloud, shop: Shop) -> None:
    other = cloud.create_store(shop.user_token, shop.company_id, "Playa", "Europe/Madrid", None)
    with pytest.raises(CloudRefused) as refused:
        cloud.enrol(shop.user_token, other.id, shop.terminal, "test", move=False)
    assert (refused.value.status, refused.value.code) == (409, "terminal_elsewhere")
    assert cloud.enrol(shop.user_token, other.id, shop.terminal, "test", move=True).store == other


def test_what_is_known_of_a_terminal_is_told_before_it_is_assigned(cloud: Cloud, shop: Shop) -> None:
    other = cloud.create_store(shop.user_token, shop.company_id, "Playa", "Europe/Madrid", None)

    def known() -> KnownTerminal:
        return cloud.known_terminal(shop.user_token, other.id, shop.terminal.id)

    assert known() == KnownTerminal(shop.store, None, (), same_account=True)
    cloud.send_batch(shop.token, [z_report(shop.terminal.id, number) for number in (3, 6)])
    assert known() == KnownTerminal(shop.store, 6, (4, 5), same_account=True)
    cloud.disconnect(shop.token)
    assert (known().last_z_number, known().missing_z_numbers) == (6, (4, 5))
    with pytest.raises(CloudRefused) as refused:
        cloud.known_terminal(shop.user_token, other.id, str(uuid4()))
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    _email, stranger = new_user(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.known_terminal(stranger, other.id, shop.terminal.id)
    assert (refused.value.status, refused.value.code) == (404, "not_found")


@pytest.mark.parametrize("move", [False, True])
def test_a_terminal_stays_with_its_account_until_it_is_free_and_has_sent_nothing(
    cloud: Cloud, shop: Shop, move: bool
) -> None:
    stranger, theirs = a_store_of_another_account(cloud)

    def is_refused() -> None:
        with pytest.raises(OfAnotherAccount, match=f"release {shop.terminal.id}") as refused:
            cloud.enrol(stranger, theirs, shop.terminal, "test", move=move)
        assert (refused.value.status, refused.value.code) == (409, "terminal_elsewhere")
        assert cloud.known_terminal(stranger, theirs, shop.terminal.id) == KnownTerminal(
            None, None, (), same_account=False
        )

    is_refused()
    cloud.send(shop.token, z_report(shop.terminal.id, 1))
    cloud.disconnect(shop.token)
    is_refused()
    unused = open_shop(cloud)
    cloud.disconnect(unused.token)
    assert cloud.enrol(stranger, theirs, unused.terminal, "test", move=False).store.id == theirs


def test_a_released_terminal_changes_hands_and_its_old_reports_do_not(
    cloud: Cloud, cloud_address: str, shop: Shop
) -> None:
    stranger, theirs = a_store_of_another_account(cloud)
    day = str(uuid4())
    old = [z_report(shop.terminal.id, number) for number in (1, 2)]
    old.append(x_report(shop.terminal.id, 1, period_id=day))
    cloud.send_batch(shop.token, old)
    release(cloud, cloud_address, shop)
    with pytest.raises(TokenRefused):
        cloud.send(shop.token, old[0])
    new = cloud.enrol(stranger, theirs, shop.terminal, "test", move=False)
    assert new.last_z_number is None
    assert list(cloud.held_zs(new.terminal_token)) == []
    with pytest.raises(CloudRefused) as refused:
        cloud.report(new.terminal_token, old[0].id)
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    with pytest.raises(CloudRefused) as refused:
        cloud.send(new.terminal_token, old[0])
    assert (refused.value.status, refused.value.code) == (403, "report_elsewhere")
    answers = cloud.send_batch(
        new.terminal_token, [*old, z_report(shop.terminal.id, 7), z_report(shop.terminal.id, 9)]
    )
    assert [_outcome(answer) for answer in answers] == [*["report_elsewhere"] * 3, "created", "created"]
    assert isinstance(answers[-1], Acknowledgement)
    assert answers[-1].missing_z_numbers == (8,)
    assert [held.z_number for held in cloud.held_zs(new.terminal_token)] == [7, 9]
    with pytest.raises(OfAnotherAccount):
        cloud.enrol(shop.user_token, shop.store.id, shop.terminal, "test", move=True)
    was_ours = cloud.known_terminal(shop.user_token, shop.store.id, shop.terminal.id)
    assert was_ours == KnownTerminal(None, 2, (), same_account=False)


def test_a_disconnected_terminal_sends_nothing_until_it_is_bound_again(cloud: Cloud, shop: Shop) -> None:
    cloud.send(shop.token, z_report(shop.terminal.id, 1))
    cloud.disconnect(shop.token)
    with pytest.raises(TokenRefused):
        cloud.send(shop.token, z_report(shop.terminal.id, 2))
    again = cloud.enrol(shop.user_token, shop.store.id, shop.terminal, "test", move=False)
    assert [held.z_number for held in cloud.held_zs(again.terminal_token)] == [1]


def test_what_is_held_is_listed_and_given_back_as_it_was_sent(cloud: Cloud, shop: Shop) -> None:
    assert list(cloud.held_zs(shop.token)) == []
    first = z_report(shop.terminal.id, 1)
    reports = [first, z_report(shop.terminal.id, 2, previous=first)]
    cloud.send_batch(shop.token, [*reports, x_report(shop.terminal.id, 1, period_id=str(uuid4()))])
    read: list[int] = []
    held = sorted(cloud.held_zs(shop.token, read.append), key=lambda z: z.z_number)
    assert read[-1] == 2
    assert [(z.report_id, z.z_number, z.content_hash) for z in held] == [
        (report.id, report.z_number, report.content_hash) for report in reports
    ]
    assert all(z.received_at.utcoffset() is not None for z in held)
    assert cloud.report(shop.token, first.id) == json.loads(first.body)


def test_a_list_of_several_pages_is_read_whole(
    cloud: Cloud, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.cloud.lists._PAGE", 2)
    cloud.send_batch(shop.token, [z_report(shop.terminal.id, number) for number in range(1, 6)])
    assert sorted(z.z_number for z in cloud.held_zs(shop.token)) == [1, 2, 3, 4, 5]


def test_a_token_tells_what_it_is_for(cloud: Cloud, shop: Shop) -> None:
    bound = cloud.binding(shop.token)
    assert (bound.company.id, bound.store.id) == (shop.company_id, shop.store.id)
    assert bound.terminal.id == shop.terminal.id
    assert bound.since is None or bound.since.utcoffset() is not None
    with pytest.raises(TokenRefused):
        cloud.binding("unknown")


def test_a_report_of_another_terminal_is_not_found(cloud: Cloud, shop: Shop) -> None:
    report = z_report(shop.terminal.id, 1)
    cloud.send(shop.token, report)
    other = cloud.enrol(
        shop.user_token, shop.store.id, Terminal(str(uuid4()), "Till 2"), "test", move=False
    ).terminal_token
    with pytest.raises(CloudRefused) as refused:
        cloud.report(other, report.id)
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    assert list(cloud.held_zs(other)) == []


def test_a_report_is_kept_once(cloud: Cloud, shop: Shop) -> None:
    report = z_report(shop.terminal.id, 1)
    first, second = cloud.send(shop.token, report), cloud.send(shop.token, report)
    assert (first.result, second.result) == ("created", "unchanged")
    assert (first.report_id, first.content_hash) == (report.id, report.content_hash)
    assert first.received_at.utcoffset() is not None


def test_a_gap_in_the_numbers_is_named_until_it_is_filled(cloud: Cloud, shop: Shop) -> None:
    one = z_report(shop.terminal.id, 1)
    two = z_report(shop.terminal.id, 2, previous=one)
    three = z_report(shop.terminal.id, 3, previous=two)
    assert list(cloud.send(shop.token, one).missing_z_numbers) == []
    assert list(cloud.send(shop.token, three).missing_z_numbers) == [2]
    assert list(cloud.send(shop.token, two).missing_z_numbers) == []


def test_a_newer_x_replaces_an_older_one_and_never_the_other_way(cloud: Cloud, shop: Shop) -> None:
    day = str(uuid4())
    first, third = (x_report(shop.terminal.id, n, period_id=day, net=n * 100) for n in (1, 3))
    second = x_report(shop.terminal.id, 2, period_id=day, net=200)
    results = [cloud.send(shop.token, report).result for report in (first, third, second, third)]
    assert results == ["created", "replaced", "stale", "unchanged"]


def test_a_report_that_is_no_report_is_refused(cloud: Cloud, shop: Shop) -> None:
    with pytest.raises(CloudRefused) as refused:
        cloud.send(shop.token, without(z_report(shop.terminal.id, 1), "totals"))
    assert (refused.value.status, refused.value.code) == (422, "invalid")


def test_one_bad_report_spoils_no_other_of_its_batch(cloud: Cloud, shop: Shop) -> None:
    one = z_report(shop.terminal.id, 1)
    bad = without(z_report(shop.terminal.id, 9), "totals")
    two = z_report(shop.terminal.id, 2, previous=one)
    answers = cloud.send_batch(shop.token, [one, bad, two, one])
    assert [_outcome(answer) for answer in answers] == ["created", "invalid", "created", "unchanged"]


def test_a_big_batch_is_answered_in_order(cloud: Cloud, shop: Shop) -> None:
    reports = [z_report(shop.terminal.id, 1)]
    while len(reports) < 120:
        reports.append(z_report(shop.terminal.id, len(reports) + 1, previous=reports[-1]))
    answers = cloud.send_batch(shop.token, reports)
    assert [_outcome(answer) for answer in answers] == ["created"] * 120
    assert [a.report_id for a in answers if isinstance(a, Acknowledgement)] == [r.id for r in reports]


def _outcome(answer: Acknowledgement | CloudRefused) -> str:
    return answer.code if isinstance(answer, CloudRefused) else answer.result
