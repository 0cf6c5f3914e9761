"""What a reader must know about a record beside its text. A flag never removes anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forestall.base.words import Words, say


class FlagCode(StrEnum):
    """The remarks collecting can make."""

    DATE_AFTER_RECEIPT = "date after receipt"
    DATE_AMBIGUOUS = "date ambiguous"
    DATE_UNREADABLE = "date unreadable"
    NO_DATE = "no date"
    NUMBER_AS_RANGE = "number kept as range"
    ENCODING_GUESSED = "encoding guessed"
    ENCODING_CONTRADICTED = "encoding contradicted"
    ENTITIES_READ = "entities read as HTML"
    HIDDEN_TEXT = "hidden text"
    INVISIBLE_CHARACTERS = "invisible characters"
    DIRECTION_CONTROLS = "direction controls"
    MACHINE_INSTRUCTIONS = "instructions to a machine"
    FORMULAS = "formulas"
    HIDDEN_SHEET = "hidden sheet"
    EXTERNAL_LINK = "external link"
    EMBEDDED_FILE = "embedded file"
    TRACKED_CHANGES = "tracked changes"
    NO_TEXT = "no text"
    REMOTE_PICTURES = "remote pictures"
    ACTIVE_CONTENT_REMOVED = "active content removed"
    ROWS_REFUSED = "rows refused"
    MESSAGE_ID_REUSED = "message id reused"
    IDENTIFIER_REUSED = "identifier reused"
    UNUSUAL_NAME = "unusual name"
    MAIL_DEFECTS = "mail defects"
    SENDER_NOT_VERIFIED = "sender not verified"


SENTENCES: dict[FlagCode, Words] = {
    FlagCode.DATE_AFTER_RECEIPT: say("It carries a date after the day it was received: %(detail)s."),
    FlagCode.DATE_AMBIGUOUS: say("A date can be read in several ways: %(detail)s."),
    FlagCode.DATE_UNREADABLE: say("What stands in the place of a date is none: %(detail)s."),
    FlagCode.NO_DATE: say("It carries no date."),
    FlagCode.NUMBER_AS_RANGE: say("A number is kept as a range: %(detail)s."),
    FlagCode.ENCODING_GUESSED: say("It does not say how its letters are encoded; read as %(detail)s."),
    FlagCode.ENCODING_CONTRADICTED: say("Its letters are not encoded as it says: %(detail)s."),
    FlagCode.ENTITIES_READ: say("It uses names of characters that it does not define: %(detail)s."),
    FlagCode.HIDDEN_TEXT: say("It holds text that a reader would not see."),
    FlagCode.INVISIBLE_CHARACTERS: say("It holds invisible characters: %(detail)s."),
    FlagCode.DIRECTION_CONTROLS: say("It holds characters that change the order of reading: %(detail)s."),
    FlagCode.MACHINE_INSTRUCTIONS: say("It addresses a machine: “%(detail)s”. Nothing was obeyed."),
    FlagCode.FORMULAS: say("Formulas are kept as text and never computed: %(detail)s."),
    FlagCode.HIDDEN_SHEET: say("It has a hidden sheet: %(detail)s."),
    FlagCode.EXTERNAL_LINK: say("It points outside; nothing was fetched: %(detail)s."),
    FlagCode.EMBEDDED_FILE: say("Another file lies inside and was not opened: %(detail)s."),
    FlagCode.TRACKED_CHANGES: say("It holds tracked changes; deleted text is kept apart."),
    FlagCode.NO_TEXT: say("No text could be read from it."),
    FlagCode.REMOTE_PICTURES: say("It asks for pictures from elsewhere; none was fetched: %(detail)s."),
    FlagCode.ACTIVE_CONTENT_REMOVED: say("Scripts and other active content were left out: %(detail)s."),
    FlagCode.ROWS_REFUSED: say("Rows were refused: %(detail)s."),
    FlagCode.MESSAGE_ID_REUSED: say("Another message with the same identifier says something else."),
    FlagCode.IDENTIFIER_REUSED: say("Its identifier is used by another entry: %(detail)s."),
    FlagCode.UNUSUAL_NAME: say("Its name holds unusual characters: %(detail)s."),
    FlagCode.MAIL_DEFECTS: say("The message departs from the standard: %(detail)s."),
    FlagCode.SENDER_NOT_VERIFIED: say("Sender not verified (%(detail)s). Anybody can have written this name."),
}

SUSPICIOUS = frozenset(
    {
        FlagCode.HIDDEN_TEXT,
        FlagCode.INVISIBLE_CHARACTERS,
        FlagCode.DIRECTION_CONTROLS,
        FlagCode.MACHINE_INSTRUCTIONS,
        FlagCode.MESSAGE_ID_REUSED,
        FlagCode.IDENTIFIER_REUSED,
    }
)

TOLD = (
    FlagCode.MACHINE_INSTRUCTIONS,
    FlagCode.HIDDEN_TEXT,
    FlagCode.DIRECTION_CONTROLS,
    FlagCode.INVISIBLE_CHARACTERS,
    FlagCode.MESSAGE_ID_REUSED,
    FlagCode.FORMULAS,
    FlagCode.ACTIVE_CONTENT_REMOVED,
    FlagCode.EMBEDDED_FILE,
    FlagCode.EXTERNAL_LINK,
    FlagCode.ENCODING_CONTRADICTED,
    FlagCode.NO_TEXT,
    FlagCode.ROWS_REFUSED,
    FlagCode.HIDDEN_SHEET,
    FlagCode.TRACKED_CHANGES,
    FlagCode.DATE_AFTER_RECEIPT,
    FlagCode.DATE_UNREADABLE,
    FlagCode.IDENTIFIER_REUSED,
    FlagCode.MAIL_DEFECTS,
)
"""What a report of a file says although it was accepted, the weightiest first: it was kept, and this was kept inert."""


@dataclass(frozen=True)
class Flag:
    """One remark. `detail` is taken from the file and shown escaped, never translated."""

    code: FlagCode
    detail: str = ""

    @property
    def words(self) -> Words:
        """The sentence for a reader."""
        return Words(SENTENCES[self.code].message, {"detail": self.detail})
