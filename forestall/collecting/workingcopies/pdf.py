"""A PDF written anew from its pages alone.

What stands on the pages comes along, notes in the margin too as far as they show. Everything else stays behind: what
the file says of itself, scripts, what happens on opening, files within it, who remarked, forms, earlier states, and
what the photographs in it carried. A photograph's own segments are cut out without touching its points.
"""

from __future__ import annotations

import io
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..limits import LIMITS, Limits
from .covered import covered_pages
from .jpeg import without_segments
from .workingcopy import WorkingCopy

_PAGE = {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit"}
_BESIDE = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/A", "/OpenAction", "/JS", "/EF", "/AF", "/Thumb", "/OC",
    "/OPI", "/Ref", "/StructParent", "/StructParents", "/Properties", "/Names", "/Measure", "/PtData",
)  # fmt: skip


def copy(content: bytes, *, limits: Limits = LIMITS) -> WorkingCopy:
    """The pages of the PDF in `content`. Raises `Malformed` when it is locked, broken or too large."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > limits.pages:
                raise Malformed(say("The PDF has more than %(limit)s pages.", limit=limits.pages))
            layered = "/OCProperties" in pdf.Root
            pdf.generate_appearance_streams()
            pdf.flatten_annotations("all")
            clean = _anew(pdf)
    except pikepdf.PasswordError as error:
        raise Malformed(say("The PDF is locked with a password. Ask for it unlocked.")) from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RuntimeError) as error:
        raise Malformed(say("The PDF is broken and cannot be read.")) from error
    return WorkingCopy(clean, "pdf", (*_about_layers(layered), *_about_cover(clean)))


def _about_layers(layered: bool) -> list[Words]:
    if not layered:
        return []
    return [say("It has layers that can be switched off. In the copy all of them show: look before you pass it on.")]


def _about_cover(clean: bytes) -> list[Words]:
    covered = covered_pages(clean)
    told = []
    if covered.pages:
        pages = ", ".join(map(str, covered.pages[:20]))
        told.append(
            say(
                "NOT REDACTED. Words lie under a box or in a colour that hides them, and can be copied out. Pages: %(pages)s",
                pages=pages,
            )
        )
    if covered.unseen:
        told.append(say("Only the first pages were searched for words under a box: %(count)s", count=covered.searched))
    return told


def _anew(pdf: Any) -> bytes:
    import pikepdf

    with pikepdf.new() as clean:
        for page in pdf.pages:
            for name in [name for name in page.obj.keys() if name not in _PAGE]:  # noqa: SIM118 - not a dict
                del page.obj[name]
            clean.pages.append(page)
        for one in clean.objects:
            _strip(one, depth=0)
        clean.remove_unreferenced_resources()
        out = io.BytesIO()
        clean.save(
            out,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    return out.getvalue()


def _strip(one: Any, *, depth: int) -> None:
    """Take away what stands beside the page in a dictionary, a stream, and the dictionaries directly inside."""
    import pikepdf

    if isinstance(one, pikepdf.Array):
        for inner in one:
            _strip_direct(inner, depth=depth)
    if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return
    for name in _BESIDE:
        if name in one:
            del one[name]
    if isinstance(one, pikepdf.Stream):
        _strip_photograph(one)
    for name in list(one.keys()):
        _strip_direct(one[name], depth=depth)


def _strip_direct(inner: Any, *, depth: int) -> None:
    """What is indirect is met on its own."""
    import pikepdf

    holds = isinstance(inner, pikepdf.Array | pikepdf.Dictionary)
    if holds and not inner.is_indirect and depth < 20:
        _strip(inner, depth=depth + 1)


def _strip_photograph(stream: Any) -> None:
    import pikepdf

    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names == ["/DCTDecode"]:
        bare = without_segments(stream.read_raw_bytes())
        if not bare:
            raise ValueError("a photograph that is no JPEG to the letter")
        stream.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=stream.get("/DecodeParms"))
    elif "/DCTDecode" in names or "/JPXDecode" in names:
        _draw_anew(stream)


def _draw_anew(stream: Any) -> None:
    """A picture in a form whose remarks cannot be cut out: its points are taken and kept without any form."""
    import pikepdf

    image = pikepdf.PdfImage(stream).as_pil_image()
    bare = image.convert("L" if image.mode in ("1", "L") else "RGB")
    stream.write(bare.tobytes())
    stream.ColorSpace = pikepdf.Name.DeviceGray if bare.mode == "L" else pikepdf.Name.DeviceRGB
    stream.BitsPerComponent, stream.Width, stream.Height = 8, bare.width, bare.height
    if "/Decode" in stream:
        del stream["/Decode"]
