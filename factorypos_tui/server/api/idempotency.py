"""A creating POST that is repeated with its Idempotency-Key gets the same answer as the first time."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from peewee import Database
from pydantic import BaseModel

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.storage.tables import FirstAnswer
from factorypos_tui.server.words import told

KEPT = timedelta(hours=48)
Answer = TypeVar("Answer", bound=BaseModel)


def key_reused() -> errors.Invalid:
    words = told(
        "This Idempotency-Key was used before with another body. Nothing was created; use a new key."
    )
    return errors.Invalid(words=words, code="idempotency_key_reused")


def create_once(
    cloud: Cloud,
    scope: str,
    key: str | None,
    form: BaseModel,
    answer: type[Answer],
    create: Callable[[], Answer],
) -> Answer:
    """Run `create` in one transaction, at most once for a key in a scope (a user, or an e-mail)."""
    database = cloud.database
    with database.atomic():
        if key is None:
            return create()
        FirstAnswer.delete().where(FirstAnswer.created_at < cloud.now(-KEPT)).execute(database)
        mine = (FirstAnswer.scope == scope) & (FirstAnswer.key_hash == token_hash(key))
        fingerprint = token_hash(type(form).__name__ + form.model_dump_json(exclude={"password"}))
        if not _reserve(database, scope, key, fingerprint, cloud.now()):
            first = FirstAnswer.select().where(mine).get(database)
            if first.fingerprint != fingerprint:
                raise key_reused()
            return answer.model_validate_json(first.answer)
        made = create()
        FirstAnswer.update(answer=made.model_dump_json()).where(mine).execute(database)
        return made


def _reserve(database: Database, scope: str, key: str, fingerprint: str, now: str) -> bool:
    """Whether the key is new. A second call with the same key waits here until the first has committed."""
    insert = FirstAnswer.insert(
        scope=scope, key_hash=token_hash(key), fingerprint=fingerprint, answer="", created_at=now
    )
    return bool(insert.on_conflict_ignore().as_rowcount().execute(database))
