"""Passkeys (WebAuthn): what a browser is asked to sign, and whether what came back was signed by a key that
we know. Each question is asked once, of one session or of one log-in that waits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from peewee import Database
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.limits import PASSKEYS
from factorypos_tui.server.storage.factor_tables import Passkey, PasskeyChallenge
from factorypos_tui.server.storage.tables import Account

CHALLENGE = timedelta(minutes=5)
"""So long a browser may take for its answer."""
LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class Site:
    """Who the passkeys are for: a browser lets no other site use them."""

    id: str
    """The name of the host."""
    origin: str
    """Scheme, host and port, as a browser tells them."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a browser sent back."""

    site: Site
    holder: str
    """The hash of the token of the session, or of the log-in that waits."""
    credential: str
    """JSON."""


def site_of(public_url: str | None, host: str, port: int) -> Site | None:
    """For whom passkeys are made where people reach this server by `public_url`, or without one by the name
    `host` at this port of this machine. None where browsers make none: that needs a name, and https."""
    url = urlsplit(public_url or f"http://{host}:{port}")
    name = url.hostname or ""
    is_named = "." in name and not name.rpartition(".")[2].isdigit() and ":" not in name
    if not (name == LOCALHOST or (is_named and url.scheme == "https")):
        return None
    standard = {"http": 80, "https": 443}[url.scheme]
    beside = "" if url.port in (None, standard) else f":{url.port}"
    return Site(name, f"{url.scheme}://{name}{beside}")


def passkeys_of(database: Database, account_id: str) -> Sequence[Passkey]:
    """The oldest first."""
    theirs = Passkey.select().where(Passkey.account_id == account_id)
    return list(theirs.order_by(Passkey.added_at, Passkey.id).limit(PASSKEYS).bind(database))


def ask_to_add(cloud: Cloud, site: Site, account: Account, holder: str) -> str:
    """What a browser needs to make a passkey, as JSON."""
    with cloud.database.connection_context(), cloud.database.atomic():
        options = generate_registration_options(
            rp_id=site.id,
            rp_name="FactoryCLOUD",
            user_id=UUID(account.id).bytes,
            user_name=account.email,
            user_display_name=account.name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(cloud.database, account.id),
        )
        _remember(cloud, holder, options.challenge)
    return options_to_json(options)


def ask_to_sign(cloud: Cloud, site: Site, account_id: str, holder: str) -> str:
    """What a browser needs to sign with a passkey of the account, as JSON."""
    with cloud.database.connection_context(), cloud.database.atomic():
        options = generate_authentication_options(
            rp_id=site.id,
            allow_credentials=_descriptors(cloud.database, account_id),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        _remember(cloud, holder, options.challenge)
    return options_to_json(options)


def _descriptors(database: Database, account_id: str) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id))
        for key in passkeys_of(database, account_id)
    ]


def _remember(cloud: Cloud, holder: str, challenge: bytes) -> None:
    """Keep a question, in place of the one before."""
    database = cloud.database
    PasskeyChallenge.delete().where(PasskeyChallenge.expires_at <= cloud.now()).execute(database)
    row = {"challenge": bytes_to_base64url(challenge), "expires_at": cloud.now(CHALLENGE)}
    PasskeyChallenge.insert(holder=holder, **row).on_conflict(
        conflict_target=[PasskeyChallenge.holder],
        update={PasskeyChallenge.challenge: row["challenge"], PasskeyChallenge.expires_at: row["expires_at"]},
    ).execute(database)


def _take(cloud: Cloud, holder: str) -> bytes | None:
    """The question, which is answered by that; none where there is none that is still good."""
    mine = (PasskeyChallenge.holder == holder) & (PasskeyChallenge.expires_at > cloud.now())
    found = PasskeyChallenge.select().where(mine).get_or_none(cloud.database)
    if found is None:
        return None
    this = mine & (PasskeyChallenge.challenge == found.challenge)
    taken = PasskeyChallenge.delete().where(this).execute(cloud.database)
    return base64url_to_bytes(found.challenge) if taken else None


def added(cloud: Cloud, signed: Signed) -> VerifiedRegistration | None:
    """The passkey that a browser has made, in the caller's transaction; none where it is not what was
    asked for."""
    challenge = _take(cloud, signed.holder)
    if challenge is None:
        return None
    try:
        return verify_registration_response(
            credential=signed.credential,
            expected_challenge=challenge,
            expected_rp_id=signed.site.id,
            expected_origin=signed.site.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - anything may be in it, and the library raises whatever its parsers raise
        return None


def use(cloud: Cloud, account_id: str, signed: Signed) -> bool:
    """Whether a passkey of the account has signed what was asked, in the caller's transaction. One that
    counts and does not count on is a copy, or its answer came before: it is refused."""
    key, challenge = _named(cloud.database, account_id, signed.credential), _take(cloud, signed.holder)
    if key is None or challenge is None or (verified := _verified(key, challenge, signed)) is None:
        return False
    counted = {"sign_count": verified.new_sign_count, "used_at": cloud.now()}
    as_read = (Passkey.id == key.id) & (Passkey.sign_count == key.sign_count)
    return bool(Passkey.update(counted).where(as_read).execute(cloud.database))


def _named(database: Database, account_id: str, credential: str) -> Passkey | None:
    """The passkey of the account that the answer says it is of."""
    try:
        said = json.loads(credential)
    except (ValueError, RecursionError):
        return None
    credential_id = said.get("id") if isinstance(said, dict) else None
    theirs = (Passkey.account_id == account_id) & (Passkey.credential_id == str(credential_id))
    found: Passkey | None = Passkey.select().where(theirs).get_or_none(database)
    return found


def _verified(key: Passkey, challenge: bytes, signed: Signed) -> VerifiedAuthentication | None:
    try:
        return verify_authentication_response(
            credential=signed.credential,
            expected_challenge=challenge,
            expected_rp_id=signed.site.id,
            expected_origin=signed.site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - anything may be in it, and the library raises whatever its parsers raise
        return None
