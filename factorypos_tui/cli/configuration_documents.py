"""What the commands `config …` print with --json: prices in minor units, instants in UTC."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from factorypos_tui.core.configuration.accepted import Accepted
from factorypos_tui.core.configuration.backups import BackupBesideNow
from factorypos_tui.core.configuration.change import Applied, Change, Held
from factorypos_tui.core.configuration.difference import Difference
from factorypos_tui.core.configuration.state import ConfigurationStatus, no_upload_words
from factorypos_tui.core.language.instants import rfc3339


def status_document(
    status: ConfigurationStatus, backups: Sequence[BackupBesideNow], accepted: Accepted | None
) -> dict[str, Any]:
    """How the configurations of till and cloud compare. `upload.reason`: a machine word, null where uploading
    is offered; `detail`: that reason in words. `after_close.refusal`: why the till did not take it, in words,
    null while it waits. `backups[].different`: how many records differ from now."""
    connection, no_download = status.connection, status.can.why_no_configuration
    return {
        "store": {"id": status.store.id, "name": status.store.name},
        "etag": status.etag,
        "connected": connection
        and {
            "way": connection.way.value,
            "at": rfc3339(connection.at),
            "etag": connection.etag,
            "uploaded": connection.uploaded,
        },
        "changed_here": status.changed_here,
        "changed_there": status.changed_there,
        "upload": {
            "offered": status.no_upload is None,
            "reason": status.no_upload and status.no_upload.value,
            "detail": status.no_upload and no_upload_words(status.no_upload, status.can),
        },
        "download": {"offered": not no_download, "detail": no_download or None},
        "backups": list(map(_backup, backups)),
        "after_close": accepted and _accepted(accepted),
    }


def _backup(found: BackupBesideNow) -> dict[str, Any]:
    return {
        "id": found.backup.id,
        "taken_at": rfc3339(found.backup.taken_at),
        "before": found.backup.why.value,
        "items": found.items,
        "different": found.changes,
    }


def _accepted(accepted: Accepted) -> dict[str, Any]:
    return {
        "etag": accepted.etag,
        "accepted_at": rfc3339(accepted.at),
        "changes": accepted.changes,
        "refusal": accepted.refusal,
    }


def difference_document(difference: Difference) -> dict[str, Any]:
    """Every change, the prices first; each field with its old and its new value."""
    return {
        "same": not difference.changes,
        "counts": counts_document(difference),
        "changes": [
            {
                "section": change.section.value,
                "kind": change.kind.value,
                "code": change.code,
                "name": change.name,
                "fields": [asdict(field) for field in change.fields],
            }
            for change in difference.changes
        ],
    }


def counts_document(difference: Difference) -> dict[str, dict[str, int]]:
    """Section -> kind -> number of records, without zeros."""
    return {
        section.value: {kind.value: n for kind, n in counts.items()}
        for section, counts in difference.counts().items()
    }


def held_document(held: Sequence[Held]) -> list[dict[str, str]]:
    """The records that cannot change until the day is closed."""
    return [{"section": record.section.value, "code": record.code} for record in held]


def applied_document(change: Change, applied: Applied | None) -> dict[str, Any]:
    """What was done to the till. `backup`: the backup of what it had before, null where nothing changed."""
    return {
        "applied": applied is not None,
        "counts": counts_document(change.difference),
        "backup": applied and applied.backup_id,
        "dropped": applied.dropped if applied else 0,
        "kept": applied.kept if applied else 0,
    }
