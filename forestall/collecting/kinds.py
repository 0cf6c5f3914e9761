"""What a file is. Its content decides; its name must agree."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.words import Words, say


class Kind(StrEnum):
    """Kinds of files. Those in `REFUSED` are always quarantined."""

    EMPTY = "empty"
    MAIL = "mail"
    PDF = "pdf"
    WORD = "word"
    WORKBOOK = "workbook"
    ARCHIVE = "archive"
    HTML = "html"
    FEED = "feed"
    JSON_FEED = "json-feed"
    JSON_ROWS = "json-rows"
    DELIMITED = "delimited"
    TEXT = "text"
    PICTURE = "picture"
    XML = "xml"
    JSON = "json"
    SVG = "svg"
    WEB_ARCHIVE = "web-archive"
    RICH_TEXT = "rich-text"
    OLD_OFFICE = "old-office"
    ENCRYPTED_OFFICE = "encrypted-office"
    OUTLOOK = "outlook"
    TNEF = "tnef"
    OPEN_DOCUMENT = "open-document"
    PRESENTATION = "presentation"
    OTHER_ARCHIVE = "other-archive"
    PROGRAM = "program"
    MACRO_OFFICE = "macro-office"
    MEDIA = "media"
    UNKNOWN = "unknown"


KIND_WORDS: dict[Kind, Words] = {
    Kind.EMPTY: say("an empty file"),
    Kind.MAIL: say("a mail message"),
    Kind.PDF: say("a PDF document"),
    Kind.WORD: say("a Word document"),
    Kind.WORKBOOK: say("a workbook"),
    Kind.ARCHIVE: say("a ZIP archive"),
    Kind.HTML: say("a web page"),
    Kind.FEED: say("a feed"),
    Kind.JSON_FEED: say("a JSON feed"),
    Kind.JSON_ROWS: say("rows in JSON"),
    Kind.DELIMITED: say("a table of delimited text"),
    Kind.TEXT: say("plain text"),
    Kind.PICTURE: say("a picture"),
    Kind.XML: say("XML that is no feed"),
    Kind.JSON: say("JSON that is neither a feed nor rows"),
    Kind.SVG: say("a drawing that can hold scripts (SVG)"),
    Kind.WEB_ARCHIVE: say("a web archive (MHTML)"),
    Kind.RICH_TEXT: say("a Rich Text document"),
    Kind.OLD_OFFICE: say("an Office document of the old binary kind"),
    Kind.ENCRYPTED_OFFICE: say("an Office document locked with a password"),
    Kind.OUTLOOK: say("an Outlook message (MSG)"),
    Kind.TNEF: say("an Outlook wrapping (winmail.dat)"),
    Kind.OPEN_DOCUMENT: say("an OpenDocument file"),
    Kind.PRESENTATION: say("a presentation"),
    Kind.OTHER_ARCHIVE: say("an archive that is no ZIP"),
    Kind.PROGRAM: say("a program or script"),
    Kind.MACRO_OFFICE: say("an Office document with macros"),
    Kind.MEDIA: say("sound or film"),
    Kind.UNKNOWN: say("nothing that can be recognised"),
}

CLAIM_WORDS: dict[Kind, Words] = {
    Kind.XML: say("XML, such as a feed"),
    Kind.JSON: say("JSON, such as a feed or rows"),
}
"""What the ending of a name claims, where that is more than the kind it is taken for."""

# Why each of these is never read, and what the sender can do instead.
REFUSED: dict[Kind, Words] = {
    Kind.EMPTY: say("The file is empty. Ask for it again."),
    Kind.XML: say("This XML is no feed, and no source reads it. Ask for a feed, or for the rows as CSV."),
    Kind.JSON: say(
        "This JSON is neither a feed nor a list of rows, and no source reads it. Ask for a feed, or for the rows as CSV."
    ),
    Kind.SVG: say("A drawing of this kind can hold scripts. Ask for a PNG."),
    Kind.WEB_ARCHIVE: say(
        "A web archive can hold scripts. Ask for the page as PDF, or forward the message as EML."
    ),
    Kind.RICH_TEXT: say("Rich Text can hold objects that run. Ask for DOCX or PDF."),
    Kind.OLD_OFFICE: say(
        "Office documents of the old binary kind can hold macros. Ask for DOCX, XLSX or PDF."
    ),
    Kind.ENCRYPTED_OFFICE: say(
        "The document is locked with a password. Ask for it unlocked, or for the password."
    ),
    Kind.OUTLOOK: say("Outlook's own format cannot be read. Forward the message as EML."),
    Kind.TNEF: say("Outlook wrapped the attachments (winmail.dat). Forward the message as EML."),
    Kind.OPEN_DOCUMENT: say("OpenDocument cannot be read. Save it as DOCX, XLSX or PDF."),
    Kind.PRESENTATION: say("Presentations cannot be read. Save it as PDF."),
    Kind.OTHER_ARCHIVE: say("Only ZIP archives can be opened. Pack it as ZIP."),
    Kind.PROGRAM: say("This is a program or a script. It was not run and will not be."),
    Kind.MACRO_OFFICE: say("The document holds macros. Ask for it without them, or as PDF."),
    Kind.MEDIA: say("Sound and film cannot be read yet. The file is kept."),
    Kind.UNKNOWN: say("What this is cannot be told from its content. Ask what it is."),
}

_FEEDS = frozenset({Kind.FEED, Kind.JSON_FEED})
# What each ending of a name allows. The first is what it is taken to claim.
ENDINGS: dict[str, tuple[Kind, ...]] = {
    "eml": (Kind.MAIL,), "pdf": (Kind.PDF,), "docx": (Kind.WORD, Kind.ENCRYPTED_OFFICE), "xlsx": (Kind.WORKBOOK, Kind.ENCRYPTED_OFFICE), "zip": (Kind.ARCHIVE,),
    "htm": (Kind.HTML,), "html": (Kind.HTML,), "xhtml": (Kind.HTML,), "rss": (Kind.FEED,), "atom": (Kind.FEED,),
    "rdf": (Kind.FEED,), "xml": (Kind.XML, Kind.FEED), "json": (Kind.JSON, Kind.JSON_FEED, Kind.JSON_ROWS),
    "geojson": (Kind.JSON,), "jsonfeed": (Kind.JSON_FEED,), "csv": (Kind.DELIMITED,), "tsv": (Kind.DELIMITED,),
    "tab": (Kind.DELIMITED,), "txt": (Kind.TEXT,), "text": (Kind.TEXT,), "md": (Kind.TEXT,), "log": (Kind.TEXT,),
    "png": (Kind.PICTURE,), "jpg": (Kind.PICTURE,), "jpeg": (Kind.PICTURE,), "gif": (Kind.PICTURE,),
    "tif": (Kind.PICTURE,), "tiff": (Kind.PICTURE,), "webp": (Kind.PICTURE,), "bmp": (Kind.PICTURE,),
    "svg": (Kind.SVG,), "mht": (Kind.WEB_ARCHIVE,), "mhtml": (Kind.WEB_ARCHIVE,), "rtf": (Kind.RICH_TEXT,),
    "doc": (Kind.OLD_OFFICE, Kind.ENCRYPTED_OFFICE), "xls": (Kind.OLD_OFFICE, Kind.ENCRYPTED_OFFICE),
    "ppt": (Kind.OLD_OFFICE,), "msg": (Kind.OUTLOOK,), "dat": (Kind.TNEF, Kind.UNKNOWN), "odt": (Kind.OPEN_DOCUMENT,),
    "ods": (Kind.OPEN_DOCUMENT,), "pptx": (Kind.PRESENTATION,), "docm": (Kind.MACRO_OFFICE,),
    "xlsm": (Kind.MACRO_OFFICE,), "xlsb": (Kind.MACRO_OFFICE,), "dotm": (Kind.MACRO_OFFICE,),
    "dotx": (Kind.WORD,), "xltx": (Kind.WORKBOOK,), "xlam": (Kind.MACRO_OFFICE,), "pptm": (Kind.MACRO_OFFICE,),
    "7z": (Kind.OTHER_ARCHIVE,), "rar": (Kind.OTHER_ARCHIVE,), "gz": (Kind.OTHER_ARCHIVE,),
    "tgz": (Kind.OTHER_ARCHIVE,), "tar": (Kind.OTHER_ARCHIVE,), "bz2": (Kind.OTHER_ARCHIVE,),
    "xz": (Kind.OTHER_ARCHIVE,), "exe": (Kind.PROGRAM,), "dll": (Kind.PROGRAM,), "com": (Kind.PROGRAM,),
    "scr": (Kind.PROGRAM,), "bat": (Kind.PROGRAM,), "cmd": (Kind.PROGRAM,), "js": (Kind.PROGRAM,),
    "vbs": (Kind.PROGRAM,), "ps1": (Kind.PROGRAM,), "sh": (Kind.PROGRAM,), "jar": (Kind.PROGRAM,),
    "apk": (Kind.PROGRAM,), "lnk": (Kind.PROGRAM,), "hta": (Kind.PROGRAM,), "php": (Kind.PROGRAM,),
    "py": (Kind.PROGRAM,), "phar": (Kind.PROGRAM,), "mp3": (Kind.MEDIA,), "mp4": (Kind.MEDIA,), "wav": (Kind.MEDIA,),
    "ogg": (Kind.MEDIA,), "mov": (Kind.MEDIA,), "m4a": (Kind.MEDIA,), "opus": (Kind.MEDIA,),
}  # fmt: skip


def claimed(ending: str) -> Kind | None:
    """The kind that a name's ending claims, or None when it claims nothing."""
    allowed = ENDINGS.get(ending)
    return allowed[0] if allowed else None


def agrees(kind: Kind, *, ending: str) -> bool:
    """Whether a name with `ending` may hold content of `kind`. An unknown or missing ending claims nothing."""
    return ending not in ENDINGS or kind in ENDINGS[ending]


def expects_feed(ending: str) -> bool:
    """Whether a name promises a feed."""
    return bool(_FEEDS & set(ENDINGS.get(ending, ()))) and ending != "json"
