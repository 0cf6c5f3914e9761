"""Web pages: the text a reader sees, the text hidden from them, and a copy that cannot run or call anywhere."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from forestall.base.words import say

from ..flags import Flag, FlagCode
from ..hostile import Hostile

DEEPEST = 2_000  # open elements
_ARTICLE = 200  # characters; what is found in less is seldom the article
_SHORTEST_TOLD = 40
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_SILENT = frozenset(
    ["script", "style", "noscript", "template", "head", "object", "applet", "svg", "math", "iframe", "canvas"]
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "pre",
        "hr",
        "dd",
        "dt",
        "title",
    ]
)
_FRAME = frozenset(["nav", "aside", "footer", "form"])
_NAMED_FRAME = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|topnav|menu|mainmenu|sidebar|footer|breadcrumbs?|cookies?|related|share|social|"
    r"widget|most-?read|trending|newsletter|advert|advertisement|promo)(?:$|[-_\s])",
    re.IGNORECASE,
)
_CAN_FRAME = frozenset(["div", "ul", "ol", "section", "header", "table", "td", "p", "span"])
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])|mso-hide\s*:\s*all|"
    r"(?:left|top|text-indent)\s*:\s*-\d{4,}|max-height\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_WHITE = r"(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))"
_WHITE_TEXT = re.compile(rf"(?<![-\w])color\s*:\s*{_WHITE}", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;]+)", re.IGNORECASE)
_DATES = frozenset(
    [
        "article:published_time",
        "date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "datepublished",
        "pubdate",
        "publish-date",
    ]
)
_ACTIVE = frozenset(["script", "iframe", "object", "embed", "applet", "form", "svg"])


@dataclass
class _Open:
    tag: str
    hidden: bool
    silent: bool
    coloured: bool
    frame: bool = False


@dataclass(frozen=True)
class Page:
    """A page's text and what it says of itself. `clean` is the visible copy, sanitised; it holds no pictures.

    `told` is the text outside menus, margins and footers; `framed` says that there are such.
    """

    text: str
    told: str
    hidden: str
    clean: str
    title: str
    language: str
    date: str
    author: str
    canonical: str
    framed: bool
    flags: tuple[Flag, ...]
    visible: str = field(repr=False, default="")


class _Reader(HTMLParser):
    """Follows what is open, so that every piece of text is known to be seen or hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[_Open] = []
        self.seen: list[str] = []
        self.told: list[str] = []
        self.unseen: list[str] = []
        self.visible: list[str] = []
        self.title: list[str] = []
        self.metas: dict[str, str] = {}
        self.language = ""
        self.canonical = ""
        self.remote: list[str] = []
        self.active: set[str] = set()
        self.framed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag == "p" and self.open and self.open[-1].tag == "p":
            self.open.pop()
        hidden, coloured = self._hides(given)
        if tag in _BLOCK:
            self._put("\n", hidden=hidden)
        if not hidden:
            self.visible.append(self.get_starttag_text() or "")
        if tag not in _VOID:
            above = bool(self.open) and self.open[-1].silent
            self.open.append(_Open(tag, hidden, above or tag in _SILENT, coloured, self._frames(tag, given)))
            if len(self.open) > DEEPEST:
                raise Hostile(say("The page is nested deeper than %(limit)s levels.", limit=DEEPEST))

    def _frames(self, tag: str, given: dict[str, str]) -> bool:
        """Whether the element is a menu, margin or footer, or lies in one. A name says so where the tag does not."""
        named = tag in _CAN_FRAME and (
            given.get("role", "").lower() in {"navigation", "complementary", "contentinfo", "search"}
            or any(_NAMED_FRAME.search(given.get(name, "")) for name in ("class", "id"))
        )
        self.framed = self.framed or named
        return named or tag in _FRAME or (bool(self.open) and self.open[-1].frame)

    def _hides(self, given: dict[str, str]) -> tuple[bool, bool]:
        style = given.get("style", "")
        above = self.open[-1] if self.open else _Open("", hidden=False, silent=False, coloured=False)
        backgrounds = [text.strip() for text in _BACKGROUND.findall(style)] + [given.get("bgcolor", "")]
        coloured = above.coloured or any(
            text and not re.fullmatch(rf"{_WHITE}|transparent|none", text, re.IGNORECASE)
            for text in backgrounds
        )
        white = bool(_WHITE_TEXT.search(style) or re.fullmatch(_WHITE, given.get("color", ""), re.IGNORECASE))
        hidden = above.hidden or "hidden" in given or bool(_HIDDEN.search(style)) or (white and not coloured)
        return hidden, coloured

    def _note(self, tag: str, given: dict[str, str]) -> None:
        self.framed = self.framed or tag in _FRAME
        if tag in _ACTIVE or any(name.startswith("on") for name in given):
            self.active.add(tag)
        if tag == "html":
            self.language = given.get("lang") or given.get("xml:lang") or self.language
        elif tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("http-equiv") or "").lower()
            self.metas.setdefault(name, given.get("content", ""))
        elif tag == "link" and given.get("rel", "").lower() == "canonical":
            self.canonical = given.get("href", "")
        elif tag in {"img", "source", "video", "audio"} and re.match(
            r"\s*(?:https?:)?//", given.get("src", ""), re.I
        ):
            self.remote.append(given["src"].strip())

    def handle_endtag(self, tag: str) -> None:
        place = next((at for at in range(len(self.open) - 1, -1, -1) if self.open[at].tag == tag), None)
        if place is None:
            return
        if not self.open[place].hidden:
            self.visible.append(f"</{tag}>")
        del self.open[place:]
        if tag in _BLOCK:
            self._put("\n", hidden=False)
        elif tag in {"td", "th"}:
            self._put("\t", hidden=False)

    def handle_data(self, data: str) -> None:
        top = self.open[-1] if self.open else _Open("", hidden=False, silent=False, coloured=False)
        if top.tag == "title":
            self.title.append(data)
        elif not top.silent:
            self._put(data if top.tag == "pre" else re.sub(r"\s+", " ", data), hidden=top.hidden)
        if not top.hidden:
            self.visible.append(html.escape(data, quote=False) if not top.silent else data)

    def _put(self, text: str, *, hidden: bool) -> None:
        (self.unseen if hidden else self.seen).append(text)
        if not hidden and not (self.open and self.open[-1].frame):
            self.told.append(text)


def tidy(text: str) -> str:
    """`text` without spaces at line ends and with at most one empty line in a row."""
    lines = [re.sub(r"[ \u00a0]{2,}", " ", line).strip(" \u00a0\t") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def sanitise(source: str) -> str:
    """HTML that cannot run, load or track: no scripts, styles, forms, pictures or frames."""
    import nh3

    tags = set(nh3.ALLOWED_TAGS) - {"img", "picture", "map", "area", "svg"}
    return str(
        nh3.clean(
            source,
            tags=tags,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def read(source: str) -> Page:
    """The page in `source`. Raises `Hostile` on towers of elements."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    visible = "".join(reader.visible)
    hidden = tidy("".join(reader.unseen))
    metas = reader.metas
    return Page(
        text=tidy("".join(reader.seen)),
        told=tidy("".join(reader.told)),
        hidden=hidden,
        clean=sanitise(visible).strip(),
        title=tidy("".join(reader.title)) or metas.get("og:title", ""),
        language=reader.language or metas.get("content-language", ""),
        date=next((metas[name] for name in sorted(_DATES) if metas.get(name)), ""),
        author=metas.get("author", ""),
        canonical=reader.canonical or metas.get("og:url", ""),
        framed=reader.framed,
        flags=_flags(reader, hidden),
        visible=visible,
    )


def text_of(source: str) -> str:
    """The text that a reader sees of a piece of HTML. Raises `Hostile` on towers of elements."""
    if "<" not in source:
        return tidy(html.unescape(source))
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return tidy("".join(reader.seen))


def _flags(reader: _Reader, hidden: str) -> tuple[Flag, ...]:
    flags = []
    if hidden:
        flags.append(Flag(FlagCode.HIDDEN_TEXT, hidden[:120]))
    if reader.remote:
        flags.append(Flag(FlagCode.REMOTE_PICTURES, ", ".join(reader.remote[:3])[:200]))
    if reader.active:
        flags.append(Flag(FlagCode.ACTIVE_CONTENT_REMOVED, ", ".join(sorted(reader.active))))
    return tuple(flags)


def main_text(page: Page) -> str:
    """The text of the article when the page has menus and footers around one, else all that a reader sees."""
    if not page.framed:
        return page.text
    import trafilatura

    found = trafilatura.extract(page.visible, include_comments=False, include_tables=True, favor_recall=True)
    if found and len(found) >= _ARTICLE:
        return str(found)
    return page.told if len(page.told) >= _SHORTEST_TOLD else page.text


def declared_charset(content: bytes) -> str:
    """The encoding that a page's own head declares, or nothing."""
    found = re.search(
        rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", content[:4096], re.IGNORECASE
    )
    return found[1].decode("ascii") if found else ""
