"""Finding the entries of this catalogue: every folder with a `riskmodel.toml`."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import cast

from forestall.base.catalogue import entry_folders
from forestall.base.errors import Malformed, Refused
from forestall.base.words import say

from .contract import Card, RiskModel, read_card

HERE = Path(__file__).parent


def cards() -> dict[str, Card]:
    """The card of every risk model, by id. Raises `Malformed` when a folder and its card disagree on the id."""
    found = {}
    for name, folder in entry_folders(HERE, "riskmodel.toml").items():
        card = read_card(folder / "riskmodel.toml")
        if card.id != name:
            raise Malformed(
                say(
                    "The folder of %(folder)s holds the card of %(card)s. They must bear one name.",
                    folder=name,
                    card=card.id,
                )
            )
        found[name] = card
    return found


def risk_model(name: str) -> RiskModel:
    """The risk model with the id `name`. Refuses an id that no folder has."""
    folders = entry_folders(HERE, "riskmodel.toml")
    if name not in folders:
        raise Refused(
            say("There is no risk model %(name)s. There are: %(known)s.", name=name, known=", ".join(folders))
        )
    module = importlib.import_module(f"{__package__}.{folders[name].name}.riskmodel")
    return cast(RiskModel, module.MODEL)


def models() -> dict[str, RiskModel]:
    """Every risk model of the catalogue, by id."""
    return {name: risk_model(name) for name in entry_folders(HERE, "riskmodel.toml")}
