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

UNITED_NATIONS = frozenset({"un_entity", "peace_operation"})
"""Bodies that are of the United Nations and can be present in a State."""

ORGANS = {
    "security_council": say("Security Council"),
    "general_assembly": say("General Assembly"),
    "human_rights_council": say("Human Rights Council"),
}

FORCE = {
    "in_force": say("in force"),
    "ended": say("no longer in force"),
    "not_known": say("not known whether in force"),
}

REVIEWERS = {
    "upr": say("Universal Periodic Review"),
    "ccpr": say("Human Rights Committee"),
    "cescr": say("Committee on Economic, Social and Cultural Rights"),
    "cerd": say("Committee on the Elimination of Racial Discrimination"),
    "cedaw": say("Committee on the Elimination of Discrimination against Women"),
    "cat": say("Committee against Torture"),
    "crc": say("Committee on the Rights of the Child"),
    "cmw": say("Committee on Migrant Workers"),
    "crpd": say("Committee on the Rights of Persons with Disabilities"),
    "ced": say("Committee on Enforced Disappearances"),
}

REVIEW_STEPS = {
    "report_due": say("report due"),
    "report_received": say("report received"),
    "session": say("session", context="review"),
    "dialogue": say("dialogue with the State"),
    "follow_up": say("follow-up due"),
    "concluded": say("observations adopted"),
}

TREATIES = {
    "genocide": say("Convention on the Prevention and Punishment of the Crime of Genocide (1948)"),
    "rome": say("Rome Statute of the International Criminal Court (1998)"),
    "iccpr": say("International Covenant on Civil and Political Rights (1966)"),
    "iccpr-op1": say("First Optional Protocol to the Covenant on Civil and Political Rights (1966)"),
    "icescr": say("International Covenant on Economic, Social and Cultural Rights (1966)"),
    "cerd": say("Convention on the Elimination of All Forms of Racial Discrimination (1965)"),
    "cedaw": say("Convention on the Elimination of All Forms of Discrimination against Women (1979)"),
    "cat": say("Convention against Torture (1984)"),
    "crc": say("Convention on the Rights of the Child (1989)"),
    "cped": say("Convention for the Protection of All Persons from Enforced Disappearance (2006)"),
    "refugees": say("Convention relating to the Status of Refugees (1951)"),
    "refugees-protocol": say("Protocol relating to the Status of Refugees (1967)"),
    "geneva": say("Geneva Conventions (1949)"),
    "geneva-ap1": say("Additional Protocol I to the Geneva Conventions (1977)"),
    "geneva-ap2": say("Additional Protocol II to the Geneva Conventions (1977)"),
    "arms-trade": say("Arms Trade Treaty (2013)"),
}
"""In the order of a State's page: the crimes, the covenants and conventions, refugees, war, arms."""

STANDINGS = {
    "party": say("party"),
    "signed": say("signed, not bound"),
    "not_party": say("not a party"),
    "withdrawn": say("withdrew"),
    "not_known": say("not known"),
}

BOUND_BY = {
    "ratified": say("ratified"),
    "acceded": say("acceded"),
    "succeeded": say("succeeded", context="treaty"),
}

PRECISIONS = {"day": say("day"), "month": say("month"), "year": say("year")}

AHEAD = 90
"""Days before its end in which a mandate is a date ahead."""
