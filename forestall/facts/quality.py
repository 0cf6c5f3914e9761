"""What a reader must know of a fact. A remark never removes anything."""

from __future__ import annotations

from enum import StrEnum

from forestall.base.words import Words, say


class Quality(StrEnum):
    """Remarks on one fact, as its source gave it."""

    BOUNDS_BROKEN = "bounds-broken"
    SUM_DIFFERS = "sum-differs"
    UNSETTLED = "unsettled"
    NO_POINT = "no-point"
    COUNTRY_MIDDLE = "country-middle"
    RETOLD = "retold"
    DATE_AHEAD = "date-ahead"
    PROVISIONAL = "provisional"
    NOT_ADDITIVE = "not-additive"
    COUNTRY_UNKNOWN = "country-unknown"
    PLACE_DOUBTFUL = "place-doubtful"
    LETTERS_LOST = "letters-lost"
    KEY_REPEATED = "key-repeated"
    SOURCE_WARNS = "source-warns"
    OUTDATED = "outdated"


SENTENCES: dict[Quality, Words] = {
    Quality.BOUNDS_BROKEN: say("Its best estimate lies outside its own low and high ones."),
    Quality.SUM_DIFFERS: say("Its parts do not add up to its total."),
    Quality.UNSETTLED: say("Its source still checks how to code it."),
    Quality.NO_POINT: say("Its place is known roughly; it is no point on a map."),
    Quality.COUNTRY_MIDDLE: say("Its coordinates are the middle of the country, not a place."),
    Quality.RETOLD: say("It is reported long after its day: a story told again, or an anniversary."),
    Quality.DATE_AHEAD: say("Its day lies after the day it was received."),
    Quality.PROVISIONAL: say("Its figure is provisional."),
    Quality.NOT_ADDITIVE: say("It may not be added to others of its source: they count the same people or events."),
    Quality.COUNTRY_UNKNOWN: say("Its country is named in a way that no list here knows."),
    Quality.PLACE_DOUBTFUL: say("Its coordinates are impossible or nought, and were left out."),
    Quality.LETTERS_LOST: say("Letters of a name were lost before it came."),
    Quality.KEY_REPEATED: say("Another row has the same key and says something else."),
    Quality.SOURCE_WARNS: say("Its source puts a warning beside it."),
    Quality.OUTDATED: say("It was already old when it came: its source had issued it long before."),
}
