"""A report's frozen bytes as `sync.db` keeps them: packed, so that ten years of them fit on any card."""

import zlib

_LARGEST = 8 << 20
"""As large as a report may be (`reports._MOST_BYTES`)."""
_LEVEL = 3
"""Packs a report in a third of the time that the usual level takes, to 5 per cent more bytes."""


def packed(body: bytes) -> bytes:
    """The bytes that are kept for `body`."""
    return zlib.compress(body, _LEVEL)


def unpacked(stored: bytes) -> bytes:
    """The report's bytes. What cannot be unpacked is returned unchanged: an older version wrote it plain, or
    it is damaged and fits no hash."""
    reader = zlib.decompressobj()
    try:
        body = reader.decompress(stored, _LARGEST)
    except zlib.error:
        return stored
    return body if reader.eof else stored
