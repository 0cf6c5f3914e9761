"""How names of peoples bend: from the one form a list gives to the forms that texts use."""

from __future__ import annotations

from forestall.reading.normalisation import word_form

_FRENCH = (
    ("éen", "éenne"),
    ("ien", "ienne"),
    ("yen", "yenne"),
    ("ais", "aise"),
    ("ois", "oise"),
    ("ain", "aine"),
    ("in", "ine"),
    ("an", "ane"),
    ("ol", "ole"),
    ("and", "ande"),
    ("ond", "onde"),
    ("ar", "are"),
)
_SPANISH_STRESSED = (("és", "es"), ("án", "an"), ("ón", "on"))
_RUSSIAN_ADJECTIVE = "ск"


def english_forms(name: str) -> list[str]:
    """`Malian` and `Malians`; names in -ese, -ish, -sh, -ch, -i stay as they are or take an s."""
    if name.endswith(("ese", "ish", "sh", "ch", "ss", "s", "men")):
        return [name]
    return [name, f"{name}s"]


def french_forms(name: str) -> list[str]:
    """Masculine and feminine, singular and plural, of an adjective given in the masculine singular."""
    if name.endswith("s") and not name.endswith(("ais", "ois")):
        return [name]
    feminine = next(
        (name[: -len(a)] + b for a, b in _FRENCH if name.endswith(a)), name if name.endswith("e") else ""
    )
    plural = name if name.endswith("s") else f"{name}s"
    return list(dict.fromkeys(form for form in (name, plural, feminine, feminine and f"{feminine}s") if form))


def spanish_forms(name: str) -> list[str]:
    """Masculine and feminine, singular and plural, of an adjective given in the masculine singular."""
    if name.endswith("o"):
        return [name, f"{name}s", f"{name[:-1]}a", f"{name[:-1]}as"]
    for stressed, plain in _SPANISH_STRESSED:
        if name.endswith(stressed):
            stem = name[: -len(stressed)] + plain
            return [name, f"{stem}es", f"{stem}a", f"{stem}as"]
    if name.endswith("í"):
        return [name, f"{name}es", f"{name}s"]
    return [name, f"{name}s"]


def portuguese_forms(name: str) -> list[str]:
    """Masculine and feminine, singular and plural, of an adjective given in the masculine singular."""
    if name.endswith("ês"):
        return [name, f"{name[:-2]}eses", f"{name[:-2]}esa", f"{name[:-2]}esas"]
    if name.endswith("ão"):
        return [name, f"{name[:-2]}ães", f"{name[:-2]}ã", f"{name[:-2]}ãs"]
    return spanish_forms(name)


def russian_stems(name: str) -> list[str]:
    """The stem of the adjective, and the stems of the noun for a person made from it."""
    if not name.endswith(_RUSSIAN_ADJECTIVE):
        return [name]
    return [name, f"{name[:-2]}ц", f"{name[:-2]}ец"]


def arabic_relation(name: str) -> str | None:
    """The adjective of one Arabic name of a country (`السودان` gives `سوداني`), None where the rule does not hold."""
    bare = word_form(name).removeprefix("ال")
    if " " in bare or len(bare) < 3:
        return None
    for ending in ("يا", "ا", "ه"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            bare = bare[: -len(ending)]
            break
    return bare if bare.endswith("ي") and len(bare) > 5 else f"{bare}ي"
