"""The file of the log."""

import logging
import os
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from factorypos_tui.core.storage.damage import alone_in


class PrivateFile(RotatingFileHandler):
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
