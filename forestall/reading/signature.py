"""Where a message's own words end: before the sender's signature or the foot a mailing list adds."""

from __future__ import annotations

import re

# RFC 3676, paragraph 4.3: two hyphens and a space alone on a line; many programs drop the space.
_SIGNATURE = re.compile(r"\n--[ \t]*\n")
_FOOT = re.compile(r"\n[ \t]*[_=-]{6,}[ \t]*\n")
_OF_A_LIST = re.compile(
    r"mailing list|unsubscribe|opt[- ]out|désabonner|désinscri|liste de diffusion|lista de (?:correo|distribución)|"
    r"darse de baja|cancelar (?:la|su|a) (?:suscripción|inscrição|assinatura)|lista de discussão|отписаться|рассылк|"
    r"إلغاء الاشتراك|القائمة البريدية|退订|邮件列表|kujiondoa",
    re.IGNORECASE,
)
_LONGEST = 15
"""Lines; more than these are no signature."""


def own_words(text: str) -> str:
    """`text` up to its signature or list footer: the same beginning, so that offsets stay true."""
    end = len(text)
    for mark in (*_FOOT.finditer(text), *_SIGNATURE.finditer(text)):
        rest = text[mark.end() : end].strip()
        signed = mark.re is _SIGNATURE or _OF_A_LIST.search(rest) is not None
        if signed and rest.count("\n") < _LONGEST:
            end = min(end, mark.start())
    return text[:end] if text[:end].strip() else text
