"""Pictures drawn anew, point by point: nothing that a camera or a program wrote beside them comes along."""

from __future__ import annotations

import io
import warnings
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..formats import picture
from ..limits import LIMITS, Limits
from .workingcopy import WorkingCopy

_READ = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP")


def copy(content: bytes, *, limits: Limits = LIMITS) -> WorkingCopy:
    """The first picture in `content`, upright. A photograph stays JPEG, anything else becomes PNG."""
    from PIL import Image, ImageOps

    found = picture.read(content, limits=limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow tells of metadata it cannot read; it is left out anyway
        try:
            with Image.open(io.BytesIO(content), formats=_READ) as image:
                frames = int(getattr(image, "n_frames", 1))
                bare = _bare(ImageOps.exif_transpose(image))
        except (ValueError, SyntaxError, OSError, EOFError, TypeError, KeyError) as error:
            raise Malformed(say("The picture is cut short or broken.")) from error
    photograph = found.form in ("JPEG", "MPO")
    out = io.BytesIO()
    if photograph:
        bare.save(out, "JPEG", quality=90)
    else:
        bare.save(out, "PNG")
    return WorkingCopy(out.getvalue(), "jpg" if photograph else "png", _told(frames))


def _told(frames: int) -> tuple[Words, ...]:
    if frames == 1:
        return ()
    return (say("Only the first of its pictures is in the copy; it holds: %(count)s", count=frames),)


def _bare(image: Any) -> Any:
    """The points alone, in a new picture that has never had anything beside them."""
    from PIL import Image

    if "A" in image.getbands() or "transparency" in image.info:
        mode = "RGBA"
    else:
        mode = "L" if image.mode in ("1", "L") else "RGB"
    points = image.convert(mode)
    return Image.frombytes(mode, points.size, points.tobytes())
