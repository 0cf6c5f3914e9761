"""Pictures: size and form, told before anything is decoded."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..hostile import Hostile
from ..limits import LIMITS, Limits


@dataclass(frozen=True)
class Picture:
    """A picture's form and size in pixels."""

    form: str
    width: int
    height: int


def read(content: bytes, *, limits: Limits = LIMITS) -> Picture:
    """What `content` shows of itself without being decoded. Raises `Hostile` when too large, `Malformed` when broken."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the cap below is ours, and refuses with a sentence
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content)) as image:
                found = Picture(str(image.format or ""), image.width, image.height)
                if found.width * found.height > limits.pixels:
                    raise Hostile(
                        say("The picture would unfold to %(width)s by %(height)s points.", width=found.width, height=found.height)
                    )  # fmt: skip
                if found.form == "PNG":
                    image.verify()
        except (UnidentifiedImageError, SyntaxError, ValueError, OSError, EOFError) as error:
            raise Malformed(say("The picture is cut short or broken.")) from error
    if found.form == "JPEG" and b"\xff\xd9" not in content[-4096:]:
        raise Malformed(say("The picture is cut short or broken."))
    return found
