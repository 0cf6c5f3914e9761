"""The segments of a JPEG file: what stands beside the picture is cut out, the picture itself is not touched."""

from __future__ import annotations

_START, _SCAN, _REMARK = 0xD8, 0xDA, 0xFE
_ADOBE = 0xEE  # says how the colours are coded: without it a picture turns green


def without_segments(content: bytes) -> bytes:
    """`content` without its application segments (EXIF, XMP, thumbnails) and remarks, and nothing after its end.

    What is no JPEG to the letter comes back empty: it is not to be passed on.
    """
    if content[:2] != bytes([0xFF, _START]):
        return b""
    kept, place = bytearray(content[:2]), 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        segment = content[place : place + 2 + length]
        if marker == _SCAN:
            end = content.rfind(b"\xff\xd9")
            return bytes(kept + content[place : end + 2]) if end > place else b""
        if length < 2 or not _is_beside(marker, segment):
            kept += segment
        place += 2 + max(length, 2)
    return b""


def _is_beside(marker: int, segment: bytes) -> bool:
    if marker == _ADOBE:
        return segment[4:9] != b"Adobe" or len(segment) > 16
    return 0xE0 <= marker <= 0xEF or marker == _REMARK
