"""The writers of warnings and notes, one module per noun."""

from .clearance import clear, send_back, submit, text_hash, waiting_step, withdraw
from .note import draft_note, drop, recommend, write_note
from .transmittal import File, close_note, follow_up, record_response, take_sheet, take_transmitted, transmit
from .warning import close_warning, raise_warning

__all__ = [
    "File",
    "clear",
    "close_note",
    "close_warning",
    "draft_note",
    "drop",
    "follow_up",
    "raise_warning",
    "recommend",
    "record_response",
    "send_back",
    "submit",
    "take_sheet",
    "take_transmitted",
    "text_hash",
    "transmit",
    "waiting_step",
    "withdraw",
    "write_note",
]
