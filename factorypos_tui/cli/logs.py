"""The log: rotating JSON lines in `logs/`, one per transition. No secret and no line of a receipt is
logged."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from factorypos_tui.core.errors import FactoryPosError, StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.language.text import escaped

NAME = "factorypos.jsonl"
_MAX_BYTES = 1 << 20
_KEPT = 5


class JsonLine(logging.Formatter):
    """A record as one JSON object: time, level, event, and the facts given with it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line = entry_of(record)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return escaped(json.dumps(line, ensure_ascii=False, default=str))


def entry_of(record: logging.LogRecord) -> dict[str, object]:
    """What the line of a record says, without its traceback."""
    return {
        "at": rfc3339(datetime.fromtimestamp(record.created, UTC)),
        "level": record.levelname.lower(),
        "from": record.name,
        "event": record.getMessage(),
        **getattr(record, "facts", {}),
    }


class _Late(logging.Handler):
    """Opens the file with the first record: most commands write none, and need not load what writes it."""

    def __init__(self, file: Path) -> None:
        """Nothing is opened yet."""
        super().__init__()
        self._path = file
        self._opened: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the record on."""
        if self._opened is None:
            from factorypos_tui.cli.log_file import PrivateFile

            self._opened = PrivateFile(
                self._path, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
            )
            self._opened.setFormatter(JsonLine())
        self._opened.emit(record)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._opened:
            self._opened.close()
        super().close()


@contextmanager
def write_logs_to(folder: Path, level: str = "info") -> Iterator[None]:
    """Log this program's records from `level` on to `folder` while the block runs."""
    try:
        for private in (folder.parent, folder):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            _("{file} cannot be written to: {detail}").format(
                file=folder, detail=system_words(error.strerror)
            )
        ) from error
    handler = _Late(folder / NAME)
    logger = logging.getLogger("factorypos_tui")
    handler.setLevel(level.upper())
    logger.setLevel(min(handler.level, logging.INFO))  # others may listen for what the file does not keep
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    except FactoryPosError:
        raise
    except Exception:
        logger.exception("unexpected")
        raise
    finally:
        logger.removeHandler(handler)
        handler.close()
