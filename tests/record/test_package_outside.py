"""An outsider is handed an evidence package and Python alone: each byte that was changed is named, and by whom it is told."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forestall.access.session import bound_to
from forestall.base.canonical import canonical_json, sha256
from forestall.monitoring.actions import packing
from forestall.record import bag, merkle
from forestall.record.bundle import VERIFIER

pytestmark = pytest.mark.django_db
_made: dict[str, Any] = {}


def load_verifier() -> Any:
    import importlib.machinery
    import importlib.util

    loader = importlib.machinery.SourceFileLoader("forestall_verify_package", str(VERIFIER))
    spec = importlib.util.spec_from_loader("forestall_verify_package", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


verifier = load_verifier()


@pytest.fixture
def made(
    make_item: Callable[..., Any], assembled: Callable[..., Any], session_of: Callable[..., Any], witness: Path
) -> dict[str, Any]:
    """A package of two files, one more left out, with what the log committed to opened; and what the witness keeps. Once."""
    if not _made:
        items = [make_item(f"Report {n}", f"Homes burned in village {n}.") for n in range(3)]
        one, rita = assembled(*items, withheld=(3,), opened=True), session_of("rita")
        with bound_to(rita):
            packed = packing.take(one, by=rita)
        with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
            files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
        _made.update(content=packed.content, name=packed.name, files=files, witness=(witness / "seals.txt").read_text())
    return _made


def read(files: dict[str, bytes]) -> Any:
    found = verifier.Package()
    found.read_files(dict(files))
    return found


def faults(files: dict[str, bytes]) -> str:
    return "\n".join(sentence for _, _, sentence in read(files).faults)


def test_an_untouched_package_holds(made: dict[str, Any]) -> None:
    found = read(made["files"])

    assert (found.faults, found.worries) == ([], [])
    assert found.entries == 2 and len(found.told["files"]) == 2 and found.told["left_out"] == [3]


def flips(files: dict[str, bytes], name: str, *, every: int) -> Any:
    octets = files[name]
    for place in range(0, len(octets), every):
        for bit in (0, 6):
            yield place, {**files, name: octets[:place] + bytes([octets[place] ^ 1 << bit]) + octets[place + 1 :]}


SMALL = (
    "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    "package.json.sig", "data/0001.txt", "data/0002.txt",
)  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_L14_L17_each_byte_that_is_turned_is_missed_and_its_file_named(made: dict[str, Any], name: str) -> None:
    for place, changed in flips(made["files"], name, every=1 if len(made["files"][name]) < 200 else 7):
        assert f"{name} was changed" in faults(changed) or f"{name} tells" in faults(changed), (name, place, faults(changed))


@pytest.mark.parametrize("name", ["package.json", "cover.pdf", "forestall-verify", "custody/0001.json", "custody/0002.json"])
def test_L14_L17_so_it_is_in_the_large_ones(made: dict[str, Any], name: str) -> None:
    size = len(made["files"][name])
    for place, changed in flips(made["files"], name, every=max(1, size // 40)):
        assert f"{name} was changed" in faults(changed), (name, place, faults(changed))


@pytest.mark.full
@pytest.mark.parametrize("name", ["package.json", "custody/0001.json"])
def test_L17_every_single_byte_of_list_and_custody(made: dict[str, Any], name: str) -> None:
    for place, changed in flips(made["files"], name, every=1):
        assert f"{name} was changed" in faults(changed), (name, place)


def test_L17_what_is_taken_out_put_in_or_exchanged_is_named(made: dict[str, Any]) -> None:
    files = made["files"]
    for name in files:
        without = {one: content for one, content in files.items() if one != name}
        told = faults(without)
        assert f"{name} was taken out" in told or f"{name} is not here" in told, (name, told)
    assert "data/0009.txt was put in" in faults({**files, "data/0009.txt": b"new"})
    assert "note.txt was put in" in faults({**files, "note.txt": b"new"})
    swapped = faults({**files, "data/0001.txt": files["data/0002.txt"], "data/0002.txt": files["data/0001.txt"]})
    assert "data/0001.txt was changed" in swapped and "data/0002.txt was changed" in swapped


def bagged(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with every manifest and size made to fit them again, as somebody with a text editor could."""
    payload = {name.removeprefix("data/"): content for name, content in files.items() if name.startswith("data/")}
    tags = {name: content for name, content in files.items() if not name.startswith(("data/", "manifest", "tagmanifest", "bag"))}
    return bag.bag(payload, tags=tags, info=[("Bagging-Date", "2026-11-22")])


def test_L14_with_all_manifests_made_to_fit_the_signed_list_still_names_it(made: dict[str, Any]) -> None:
    changed = bagged({**made["files"], "data/0001.txt": b"Nothing happened here."})
    assert [sentence for _, _, sentence in read(changed).faults] == ["data/0001.txt was changed."]


def test_L17_a_list_that_was_rewritten_is_not_signed(made: dict[str, Any]) -> None:
    told = faults(altered(made["files"], "package.json", lambda told: told.update(purpose="Another case")))
    assert told == "package.json is not signed by the Office's key: the list, the signature or the keys in it were changed."


def altered(files: dict[str, bytes], name: str, change: Callable[[Any], None]) -> dict[str, bytes]:
    told = json.loads(files[name])
    change(told)
    return bagged({**files, name: json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"})


def resigned(files: dict[str, bytes], change: Callable[[Any], None] | None = None) -> dict[str, bytes]:
    """The list made to fit the files again and signed with a key of somebody's own, who says it is the Office's."""
    told = json.loads(files["package.json"])
    for file in told["files"]:
        content = files[file["name"]]
        file.update(sha256=sha256(content), size=len(content), sha512=__import__("hashlib").sha512(content).hexdigest())
    told["beside"] = {name: sha256(files[name]) for name in told["beside"]}
    if change:
        change(told)
    own = Ed25519PrivateKey.generate()
    key = told["keys"][0] | {"public": own.public_key().public_bytes_raw().hex()}
    named = {name: key[name] for name in ("number", "id", "public", "previous", "since", "why", "by", "second", "reason")}
    key["signature"] = own.sign(canonical_json({"key": "forestall", **named}).encode()).hex()
    told["keys"] = [key]
    before = verifier.NONE_BEFORE
    for seal in told["seals"]:
        seal.update(key=key["public"], previous=before)
        seal["signature"] = own.sign(verifier.Seals.text(seal).encode()).hex()
        before = sha256(verifier.Seals.line(seal))
    octets = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    signature = own.sign(b"forestall-package-1 " + octets).hex().encode() + b"\n"
    return bagged({**files, "package.json": octets, "package.json.sig": signature})


def test_L14_bytes_exchanged_and_all_signed_anew_disagree_with_what_the_log_committed_to(made: dict[str, Any]) -> None:
    changed = resigned({**made["files"], "data/0001.txt": b"Nothing happened here."})
    assert faults(changed) == "custody/0001.json, act 1: the log holds that another file was received than data/0001.txt."


def test_L17_signed_anew_it_passes_alone_and_not_before_a_witness(made: dict[str, Any], tmp_path: Path) -> None:
    whole = resigned(made["files"])
    assert faults(whole) == ""
    for name, files in (("forged", whole), ("true", made["files"])):
        (tmp_path / f"{name}.zip").write_bytes(bag.archive(files, folder="EP"))
    (tmp_path / "seals.txt").write_text(made["witness"])
    kept = str(tmp_path / "seals.txt")

    assert verifier.examine(str(tmp_path / "true.zip"), [kept]).faults == []
    assert "does not keep every seal" in str(verifier.examine(str(tmp_path / "forged.zip"), [kept]).faults)


@pytest.mark.parametrize("field", range(8), ids=["seq", "at", "by", "for", "verb", "kind", "thing", "commitment"])
def test_L17_a_forged_act_of_custody_is_not_shown_to_stand_in_the_log(made: dict[str, Any], field: int) -> None:
    def forge(told: Any) -> None:
        leaf = json.loads(told["acts"][0]["leaf"])
        leaf[field] = leaf[field] + 1 if field == 0 else "2020-01-01T00:00:00+00:00" if field == 1 else f"{leaf[field]}x"
        told["acts"][0]["leaf"] = canonical_json(leaf)

    changed = altered(made["files"], "custody/0001.json", forge)
    assert "custody/0001.json was changed" in faults(changed)
    assert "not shown to stand in the sealed log" in faults(resigned(changed))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda told: told["acts"][0]["proof"].reverse(), "not shown to stand"),
        (lambda told: told["acts"][0].update(seal="2020-01-01T00:00:00+00:00"), "not shown to stand"),
        (lambda told: told.update(evidence="12345678-1234-4234-8234-123456789012"), "custody of another file"),
        (lambda told: told["acts"].clear(), "does not tell when"),
        (lambda told: told["acts"][0].update(content=told["acts"][0]["content"] + " "), "not the one that the state binds"),
        (lambda told: told["acts"][0].update(state=told["acts"][0]["state"].replace('"level":2', '"level":1')), "not the one that the log binds"),
        (lambda told: told.pop("acts"), "lacks a part"),
    ],
    ids=["proof", "seal", "another file", "no act", "content", "state", "no acts"],
)
def test_L17_a_forged_proof_or_opening_is_named(made: dict[str, Any], change: Callable[[Any], Any], told: str) -> None:
    assert told in faults(resigned(altered(made["files"], "custody/0001.json", change)))


@pytest.mark.parametrize("field", ["size", "root", "salt", "made_at", "commitment"])
def test_L17_a_forged_seal_does_not_open(made: dict[str, Any], field: str) -> None:
    def forge(told: Any) -> None:
        seal = told["seals"][-1]
        seal[field] = seal[field] + 1 if field == "size" else seal[field].replace("2026", "2025") if field == "made_at" else "0" * 64

    assert "does not open" in faults(resigned(made["files"], forge))


# --- as a file on a disk ---


def run(path: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(path), *more], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_L17_the_zip_and_its_folder_are_verified_by_the_file_alone(made: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / made["name"]
    path.write_bytes(made["content"])
    with zipfile.ZipFile(path) as packed:
        packed.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    (tmp_path / "seals.txt").write_text(made["witness"])

    for one in (path, folder, tmp_path / "out"):
        status, told = run(one, "--witness", str(tmp_path / "seals.txt"))
        assert (status, "the package holds" in told, "To ask about" in told) == (0, True, False), told
    (folder / "data" / "0002.txt").write_bytes(b"Nothing.")
    status, told = run(folder)
    assert status == 1 and "FAULT (file): data/0002.txt was changed." in told


def test_L17_a_byte_turned_anywhere_in_the_archive_is_told(made: dict[str, Any], tmp_path: Path) -> None:
    content = made["content"]
    places = [*range(200), *range(200, len(content), len(content) // 60), *range(len(content) - 400, len(content))]
    for place in places:
        path = tmp_path / "changed.zip"
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            found = verifier.examine(str(path))
        except ValueError:
            assert place < 2, place  # no archive at all by its first bytes
            continue
        assert found.faults or found.worries, place
    (tmp_path / "cut.zip").write_bytes(content[:-100])
    assert "cannot be opened" in str(verifier.examine(str(tmp_path / "cut.zip")).faults)


def test_L17_packed_anew_by_another_program_it_still_holds(made: dict[str, Any], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "again.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in made["files"].items():
            packed.writestr(f"EP/{name}", content)
    status, told = run(tmp_path / "again.zip")
    assert status == 0 and "archive around the files is not as it was written" in told


def test_what_is_no_package_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("a.txt", "a")
    assert run(tmp_path / "other.zip")[0] == 2
    assert run(tmp_path / "empty")[0] == 2


def test_the_library_of_congress_reads_the_bag_as_whole(made: dict[str, Any], tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit
    for name, content in made["files"].items():
        path = tmp_path / "bag" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    found = bagit.Bag(str(tmp_path / "bag"))
    assert found.is_valid() and sorted(found.algorithms) == ["sha256", "sha512"] and found.version_info == (1, 0)
    assert found.info["External-Identifier"].startswith("EP-")
    (tmp_path / "bag" / "data" / "0001.txt").write_bytes(b"Homes burned in village 7.")
    assert not found.is_valid()


def test_a_value_that_breaks_lines_is_no_second_label_of_the_bag() -> None:
    made = bag.bag({"1": b"a"}, tags={}, info=[("External-Identifier", "EP-1\nPayload-Oxum: 9.9")])
    assert made["bag-info.txt"] == b"External-Identifier: EP-1 Payload-Oxum: 9.9\nPayload-Oxum: 1.1\n"


def test_the_tree_gives_every_proof_of_every_size_that_the_definition_gives() -> None:
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(67)]
    tree = merkle.Tree(leaves)
    for size in range(1, len(leaves) + 1):
        for index in range(size):
            assert tree.inclusion_proof(index, size=size) == merkle.inclusion_proof(leaves[:size], index)
    for index, size in ((-1, 3), (3, 3), (0, 68)):
        with pytest.raises(IndexError):
            tree.inclusion_proof(index, size=size)
