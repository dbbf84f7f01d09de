"""Calls that schemathesis makes up from the OpenAPI document: good ones, wrong ones, and what lies at each
limit, with the tokens and the ids of an owner and a till that are there."""

import json
import uuid
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
    use_after_free,
)

from factorypos_tui.server.openapi import openapi_document
from tests.server.conftest import on_postgresql_and_at_length_on_both
from tests.server.premises import Premises, premises
from tests.server.shop import Json, Owner, Shop, Till, canonical, sealed

THOROUGH = settings.get_current_profile_name() == "search"
LOOK = settings(
    max_examples=20 if THOROUGH else 3,
    stateful_step_count=12 if THOROUGH else 6,
    suppress_health_check=list(HealthCheck),
)
AT_LIMITS = 10_000 if THOROUGH else 10
"""So many of the calls that lie at the limits of one operation are made."""
PUT_REPORT = "PUT /v1/reports/{report_id}"
CONFIG = {
    "generation": {"allow-extra-parameters": False},  # what is not known is let be
    "checks": {
        # A schema tells no sums, no time zones, and no passwords that are too common.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", 401, 403, 404, 409, 412, 422, 428, 429],
        },
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429]
        },
    },
}
NO_LIMITS = {"phases": {"coverage": {"enabled": False}}}
API = schemathesis.pytest.from_fixture("described")
OF_CODES = {
    "/v1/password-resets/confirm",
    "/v1/enrolments",
    "/v1/device-tokens",
    "/v1/invitations/accept",
}
ALSO_AN_ID = {"/v1/reports/batch", "/v1/sessions/current", "/v1/terminals/current"}
"""Each is also the address of something that could have that id, which takes other methods."""


@pytest.fixture(scope="session")
def described() -> BaseSchema:
    document = json.loads(openapi_document())
    if THOROUGH:
        return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    # A thousand calls lie at the limits of one report, and a batch has many.
    batch = document["paths"]["/v1/reports/batch"]["post"]["requestBody"]["content"]["application/json"]
    batch["schema"]["properties"]["reports"]["items"] = {"type": "object"}
    quick = {**CONFIG, "operations": [{"include-name": PUT_REPORT, **NO_LIMITS}]}
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(quick))


@pytest.fixture(scope="session")
def lasting(running_shop: Shop) -> Premises:
    return premises(running_shop)


@pytest.fixture(scope="session")
def ending(running_shop: Shop) -> Premises:
    """For calls that end a token: each gets a new one."""
    return premises(running_shop)


@pytest.fixture
def made() -> Counter[str]:
    """How many calls at limits were made up, by operation."""
    return Counter()


@on_postgresql_and_at_length_on_both
@pytest.mark.usefixtures("running_shop")
@API.parametrize()
@LOOK
def test_any_call_is_answered_as_the_document_says(
    case: Any, shop: Shop, lasting: Premises, ending: Premises, made: Counter[str]
) -> None:
    if case.meta.phase.name.value == "coverage":
        made[case.operation.label] += 1
        if made[case.operation.label] > AT_LIMITS:
            return
    ends = case.method == "DELETE" or case.operation.label.startswith("PUT /v1/stores/{store_id}/terminals")
    its = ending if ends else lasting
    owner, till = renewed(its) if ends else (its.owner, its.till)
    make_it_fit(case, its)
    case.call_and_validate(
        base_url=str(shop.http.base_url),
        headers=token_for(case, owner, till),
        excluded_checks=do_not_apply(case),
    )


def do_not_apply(case: Any) -> list[CheckFunction]:
    """Checks of schemathesis that would find fault with what is meant."""
    found: list[CheckFunction] = []
    if case.operation.path in ALSO_AN_ID:
        found += [unsupported_method, allow_header_conformance]
    if case.operation.path in OF_CODES:
        found.append(positive_data_acceptance)  # no code that is made up is right
    if case.operation.label == "PATCH /v1/terminals/{terminal_id}":
        found.append(use_after_free)  # one that was revoked stays in its owner's list, with a name
    # A parameter without a value counts as left out. In a batch, a wrong report is refused in its own place.
    if (
        any(value in ("", [], {}) for value in (case.query or {}).values())
        or case.operation.path == "/v1/reports/batch"
    ):
        found.append(negative_data_rejection)
    return found


def renewed(its: Premises) -> tuple[Owner, Till]:
    owner = its.owner.shop.log_in(its.owner.email)
    return owner, owner.assign(its.till.store, its.till.id)


def token_for(case: Any, owner: Owner, till: Till) -> dict[str, str]:
    """Of the kind that the call takes."""
    kinds = {kind for way in case.operation.definition.raw.get("security", ()) for kind in way}
    token = owner.token if "userToken" in kinds else till.token
    return {"Authorization": f"Bearer {token}"} if kinds else {}


def make_it_fit(case: Any, its: Premises) -> None:
    """Let what is right about a call also be true: ids that are there, the version that is there, a report of
    this till."""
    if case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters = {name: its.ids[name] for name in case.path_parameters}
    if "if-match" in case.headers and not case.meta.is_negative_at(ParameterLocation.HEADER):
        case.headers["if-match"] = "*"
    if case.operation.label == PUT_REPORT and case.meta.generation.mode.is_positive:
        case.body = one_field_of(case.body, its.till)
        case.path_parameters = {"report_id": case.body["report_id"]}


def one_field_of(made_up: Json, till: Till) -> Json:
    """A good report of this till in which one field is made up."""
    names = sorted(made_up.keys() - {"report_id", "terminal_id", "content_hash"})
    name = names[len(canonical(made_up)) % len(names)]
    number = uuid.uuid4().int % 10**9
    report = {**till.z(number), name: made_up[name]}
    known_as = uuid.uuid5(uuid.UUID(till.id), f"{report['kind']}:{report['period_id']}")
    return sealed({**report, "report_id": str(known_as)})


@pytest.mark.hypothesis
def test_one_call_after_another_is_answered_as_the_document_says(described: BaseSchema, shop: Shop) -> None:
    class Story(described.as_state_machine()):  # type: ignore[misc]  # its class is made at run time
        def setup(self) -> None:
            self.its = premises(shop)  # what one story leaves behind changes no answer in the next

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            headers = token_for(case, shop.log_in(self.its.owner.email), self.its.till)
            return {"base_url": str(shop.http.base_url), "headers": headers}

        def validate_response(self, response: Any, case: Any, *_more: object, **_kwargs: object) -> None:
            case.validate_response(response, excluded_checks=do_not_apply(case), recorder=self.recorder)

    Story.run(settings=LOOK)
