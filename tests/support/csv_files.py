"""Tables that were written to files, as other programs read them."""

import csv
import io
from pathlib import Path


def rows_of(file: Path, delimiter: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    """The rows of a table."""
    text = file.read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
