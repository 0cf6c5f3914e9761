"""Bodies and the channels proper to them. Tables only; no Django."""

from __future__ import annotations

from forestall.base.words import say

BODIES = {
    "secretary_general": say("Secretary-General"),
    "council": say("Security Council"),
    "un_entity": say("United Nations entity"),
    "peace_operation": say("peace operation or political mission"),
    "permanent_mission": say("permanent mission"),
    "ministry": say("ministry"),
    "regional": say("regional arrangement"),
    "civil_society": say("civil society"),
}

CHANNELS = {
    "eosg": say("through the Executive Office of the Secretary-General"),
    "memorandum": say("interoffice memorandum"),
    "code_cable": say("code cable"),
    "note_verbale": say("note verbale through the permanent mission"),
    "letter": say("letter"),
}

PROPER_CHANNEL = {
    "secretary_general": "eosg",
    "council": "eosg",
    "un_entity": "memorandum",
    "peace_operation": "code_cable",
    "permanent_mission": "note_verbale",
    "ministry": "note_verbale",
    "regional": "letter",
    "civil_society": "letter",
}
"""The one channel that is proper to each kind of body."""
