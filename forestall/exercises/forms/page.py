"""A web page, as it is saved from a browser: a masthead, an article, a foot."""

from __future__ import annotations

from html import escape

from .sheet import Sheet

_PAGE = """<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="{charset}">
<title>{title}</title>
<meta name="author" content="{by}">
<meta property="article:published_time" content="{sent}">
</head>
<body>
<header><p>{by}</p></header>
<main>
<article>
<h1>{title}</h1>
<p><time datetime="{sent}">{date}</time></p>
{paragraphs}
</article>
</main>
<footer><p>{line}</p></footer>
</body>
</html>
"""


def page(sheet: Sheet) -> str:
    """The page as text; the charset it declares is the sheet's."""
    return _PAGE.format(
        language=sheet.language,
        direction=sheet.direction,
        charset=sheet.charset,
        title=escape(sheet.title),
        by=escape(sheet.by),
        sent=sheet.sent.isoformat(),
        date=sheet.date,
        paragraphs="\n".join(f"<p>{escape(part)}</p>" for part in sheet.paragraphs),
        line=escape(sheet.line),
    )


def write_page(sheet: Sheet) -> bytes:
    """An HTML file in the sheet's charset."""
    return page(sheet).encode(sheet.charset)
