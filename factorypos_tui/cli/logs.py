"""The log: rotating JSON lines in `logs/`, one per transition. No secret and no line of a receipt is
logged."""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from factorypos_tui.core.errors import FactoryPosError, StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.language.text import escaped
from factorypos_tui.core.storage.damage import alone_in

NAME = "factorypos.jsonl"
_MAX_BYTES = 1 << 20
_KEPT = 5


class JsonLine(logging.Formatter):
    """A record as one JSON object: time, level, event, and the facts given with it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line = {
            "at": rfc3339(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return escaped(json.dumps(line, ensure_ascii=False, default=str))


class _PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        file = os.fdopen(os.open(self.baseFilename, flags, 0o600), "ab")
        return TextIOWrapper(file, encoding=self.encoding, write_through=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line to the file that has the name now: another process may have rotated it."""
        self._follow()
        super().emit(record)

    def doRollover(self) -> None:  # noqa: N802 - logging's own name
        """Rotate, unless another process has done so: two at once would overwrite each other's files."""
        with alone_in(Path(self.baseFilename).parent):
            if not self._follow():
                super().doRollover()

    def _follow(self) -> bool:
        """Whether another file has the name now; then that one is opened."""
        with suppress(OSError, ValueError):
            if self.stream is not None and not os.path.samestat(
                os.fstat(self.stream.fileno()), Path(self.baseFilename).stat()
            ):
                self.stream.close()
                self.stream = self._open()
                return True
        return False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Print nothing where the log cannot be written: it would be printed over the screen."""


@contextmanager
def write_logs_to(folder: Path) -> Iterator[None]:
    """Log this program's records to `folder` while the block runs."""
    try:
        for private in (folder.parent, folder):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateFile(
            folder / NAME, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError as error:
        raise StorageError(
            _("{file} cannot be written to: {detail}").format(
                file=folder, detail=system_words(error.strerror)
            )
        ) from error
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("factorypos_tui")
    logger.setLevel(logging.INFO)
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
