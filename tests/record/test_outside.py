"""An outsider with one file and Python alone: whatever was done to a log of 130 entries is found, and where."""

from __future__ import annotations

import ast
import importlib.util
import json
import random
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forestall.base import clock
from forestall.base.canonical import canonical_json, sha256
from forestall.record import bundle, merkle

_spec = importlib.util.spec_from_file_location("office_log", Path(__file__).with_name("office_log.py"))
assert _spec is not None and _spec.loader is not None
office = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(office)
verifier, read, SIZE = office.verifier, office.read, office.SIZE

FIELDS = ("seq", "at", "by", "on_behalf_of", "verb", "kind", "object_id", "commitment")
_written: dict[str, Any] = {}


@pytest.fixture
def log(keeper: Any, witness: Path) -> dict[str, Any]:
    """The bundle of the Office's log, in all its depths, and what its witness keeps; written once."""
    if not _written:
        office.write_log()
        with clock.fixed(office.BEGAN + timedelta(minutes=SIZE + 61)):
            for holds in bundle.HELD:
                _written[holds] = office.the_lines(holds)
        _written["witness"] = (witness / "seals.txt").read_text()
    return _written


pytestmark = pytest.mark.django_db


def entry_places(lines: list[bytes]) -> list[int]:
    return [place for place, line in enumerate(lines) if line.startswith(b"E ")]


def leaf_of(line: bytes) -> list[Any]:
    found: list[Any] = json.loads(line[67:])
    return found


def with_leaf(line: bytes, leaf: list[Any], root: bytes = b"") -> bytes:
    return b"E " + (root or line[2:66]) + b" " + canonical_json(leaf).encode() + b"\n"


def flipped(line: bytes, field: str, bit: int) -> bytes:
    """The line with one bit of one field turned; of its first character or its last."""
    if field == "root":
        return line[:2] + bytes([line[2] ^ 1 << bit]) + line[3:] if bit < 4 else line[:65] + bytes([line[65] ^ 1]) + line[66:]
    leaf = leaf_of(line)
    place = FIELDS.index(field)
    if field == "seq":
        leaf[place] ^= 1 << bit
    elif not leaf[place]:
        leaf[place] = "x"
    else:
        text, at = leaf[place], 0 if bit % 2 else -1
        changed = chr(ord(text[at]) ^ (1 << bit // 2))
        leaf[place] = changed + text[1:] if at == 0 else text[:-1] + changed
    return with_leaf(line, leaf)


def test_an_untouched_bundle_holds_in_every_depth(log: dict[str, Any]) -> None:
    for holds in bundle.HELD:
        found = read(log[holds])
        assert (found.faults, found.worries, found.entries) == ([], [], SIZE)


@pytest.mark.parametrize("field", [*FIELDS, "root"])
def test_L01_any_bit_of_any_entry_is_missed_and_named(log: dict[str, Any], field: str) -> None:
    lines = log[bundle.ENTRIES]
    for number, place in enumerate(entry_places(lines)):
        for bit in (0, 1, 4, 7):
            changed = flipped(lines[place], field, bit)
            if changed == lines[place]:
                continue
            found = read([*lines[:place], changed, *lines[place + 1 :]])
            assert found.first_bad == number, (field, number, bit, found.faults)


def test_L02_an_entry_taken_out_is_missed_and_named(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    places = entry_places(lines)
    for number, place in enumerate(places[:-1]):
        for many in (1, 2, 7):
            if number + many >= SIZE:
                continue
            found = read([*lines[:place], *lines[place + many :]])
            assert (found.faults[0][0], found.first_bad) == ("deleted", number), found.faults


def test_L02_with_its_number_given_to_the_next_it_is_missed_too(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    places = entry_places(lines)
    for number in range(SIZE - 1):
        after = [with_leaf(lines[place], [leaf_of(lines[place])[0] - 1, *leaf_of(lines[place])[1:]]) for place in places[number + 1 :]]
        found = read([*lines[: places[number]], *after, lines[-1]])
        assert found.first_bad == number and found.faults[0][0] == "changed"


def test_L03_an_entry_put_in_is_seen_and_named(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    for number, place in enumerate(entry_places(lines)):
        forged = leaf_of(lines[place])
        forged[4] = "praised"
        found = read([*lines[:place], with_leaf(lines[place], forged), *lines[place:]])
        assert [(kind, at) for kind, at, _ in found.faults] == [("inserted", number)]


def test_L04_entries_that_change_places_are_seen_and_named(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    places = entry_places(lines)
    for number in range(SIZE):
        for apart in (1, 5, 60):
            if number + apart >= SIZE:
                continue
            swapped = list(lines)
            one, other = places[number], places[number + apart]
            swapped[one], swapped[other] = lines[other], lines[one]
            found = read(swapped)
            assert (found.faults[0][0], found.first_bad) == ("reordered", number), (number, apart, found.faults)


def test_L05_an_entry_that_stands_twice_is_seen_and_named(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    places = entry_places(lines)
    for number, place in enumerate(places):
        found = read([*lines[: place + 1], lines[place], *lines[place + 1 :]])
        assert [(kind, at) for kind, at, _ in found.faults] == [("duplicated", number + 1)]
        at_the_end = read([*lines[:-1], lines[place], lines[-1]])
        assert [(kind, at) for kind, at, _ in at_the_end.faults] == [("duplicated", SIZE)]


def test_L15_an_entry_dated_back_or_ahead_is_seen_and_said(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    places = entry_places(lines)
    for number, place in enumerate(places):
        for dated, says in (("2020-01-01T00:00:00+00:00", "before"), ("2031-01-01T00:00:00+00:00", "after")):
            leaf = leaf_of(lines[place])
            leaf[1] = dated
            found = read([*lines[:place], with_leaf(lines[place], leaf), *lines[place + 1 :]])
            assert found.first_bad == number
            ends = number in (0, SIZE - 1)
            assert ends or says in found.faults[0][2], found.faults


def test_L06_a_tail_cut_off_disagrees_with_the_seals_and_with_the_witness(log: dict[str, Any], tmp_path: Path) -> None:
    lines = log[bundle.ENTRIES]
    places = entry_places(lines)
    (tmp_path / "told").write_text(log["witness"])
    for left in range(SIZE):
        end = f'Z {{"entries":{left}}}\n'.encode()
        found = read([*lines[: places[left]], end])
        assert any(kind == "cut" for kind, _, _ in found.faults)
        kept = [line for line in lines[: places[left]] if not _covers_more(line, left)]
        path = office.write_file(tmp_path, [*kept, end])
        careful = verifier.examine(str(path), [str(tmp_path / "told")])
        assert any(says.startswith("The witness") for _, _, says in careful.faults), left


def _covers_more(line: bytes, left: int) -> bool:
    """What a careful forger drops: seals, checkpoints, keys of what was cut off, and the home's own witness."""
    if line.startswith(b"S "):
        return bool(json.loads(line[2:])["size"] > left)
    if line.startswith(b"K "):
        return bool((json.loads(line[2:])["entry_seq"] or 0) >= left > 0)
    return line.startswith((b"C ", b"W "))


def _rewritten(lines: list[bytes], *, private: Ed25519PrivateKey) -> list[bytes]:
    """Everything told anew and consistently by somebody with a key of their own (L10)."""
    from datetime import datetime

    from forestall.record.models import Seal, SigningKey

    key = SigningKey(
        number=0, public=private.public_key().public_bytes_raw().hex(), since=office.BEGAN, why="first", by="system:keeper"
    )
    key.signature = private.sign(key.statement()).hex()
    leaves = []
    for place in entry_places(lines):
        leaf = leaf_of(lines[place])
        leaf[2] = "nobody" if leaf[2] == "alice" else leaf[2]
        leaves.append([*leaf[:7], "" if leaf[5] == "record.signingkey" else leaf[7]])
    hashes = [merkle.leaf_hash(canonical_json(leaf).encode()) for leaf in leaves]
    made: list[bytes] = [lines[0], f"K {key.binding()}\n".encode()]
    previous = "0" * 64
    for old in (json.loads(line[2:]) for line in lines if line.startswith(b"S ")):
        seal = Seal(
            at=datetime.fromisoformat(old["at"]), made_at=datetime.fromisoformat(old["made_at"]), size=old["size"],
            root=merkle.root(hashes[: old["size"]]).hex(), salt=old["salt"], previous=previous, key=key.public,
        )  # fmt: skip
        seal.commitment = sha256(seal.opening())
        seal.signature = private.sign(seal.signed().encode()).hex()
        previous = sha256(seal.line())
        made.append(f"S {canonical_json(bundle.row(seal))}\n".encode())
    frontier: list[bytes] = []
    for place, leaf in enumerate(leaves):
        frontier = merkle.append(frontier, size=place, leaf=hashes[place])
        made.append(with_leaf(b"", leaf, root=merkle.frontier_root(frontier).hex().encode()))
    return [*made, lines[-1]]


def test_L10_a_log_rewritten_whole_with_another_key_passes_alone_and_fails_before_a_witness(
    log: dict[str, Any], tmp_path: Path
) -> None:
    forged = _rewritten(log[bundle.ENTRIES], private=Ed25519PrivateKey.generate())
    path = office.write_file(tmp_path, forged)
    (tmp_path / "told").write_text(log["witness"])
    alone = verifier.examine(str(path))
    assert not alone.faults
    assert any("No witness" in line for line in verifier.told(alone))
    held = verifier.examine(str(path), [str(tmp_path / "told")])
    assert {kind for kind, _, _ in held.faults} == {"other key"} and len(held.faults) == 4
    true_key = json.loads(next(line for line in log[bundle.ENTRIES] if line.startswith(b"K "))[2:])["public"]
    assert verifier.examine(str(path), key=true_key).faults


def test_L11_two_witnesses_that_were_shown_two_logs_prove_it_between_them(log: dict[str, Any], tmp_path: Path) -> None:
    path = office.write_file(tmp_path, log[bundle.ENTRIES])
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(log["witness"])
    second.write_text(log["witness"])
    assert not verifier.examine(str(path), [str(first), str(second)]).faults
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    lines = []
    for commitment in ("a" * 64, "b" * 64):
        text = f"forestall-seal-1 2026-03-01T10:00:00Z {'0' * 64} {commitment} {public}"
        lines.append(f"{text} {private.sign(text.encode()).hex()}\n")
    first.write_text(lines[0])
    second.write_text(f"Dear colleague,\n> {lines[1]}\nYours")
    faults = verifier.examine(str(path), [str(first), str(second)]).faults
    assert [kind for kind, _, _ in faults].count("fork") == 1


def test_L11_a_witness_that_was_told_another_seal_than_the_log_shows_is_a_fork(keeper: Any, witness: Path, tmp_path: Path) -> None:
    from forestall.record.keys import signing_key
    from forestall.record.models import Seal

    with clock.fixed(office.BEGAN):
        office.made("Ministry")
        made = office.seal()
    shown_to_another = Seal(**{**bundle.row(made), "commitment": "c" * 64})
    signature = signing_key().sign(shown_to_another.signed().encode()).hex()
    (tmp_path / "other").write_text(f"{shown_to_another.signed()} {signature}\n")
    path = office.write_file(tmp_path, office.the_lines(bundle.ENTRIES))
    faults = verifier.examine(str(path), [str(tmp_path / "other")]).faults
    assert [kind for kind, _, _ in faults] == ["fork"]


def test_L14_every_state_and_every_content_swapped_changed_or_gone_is_named(log: dict[str, Any]) -> None:
    lines = log[bundle.CONTENT]
    owners = {place: json.loads(line[2:])["entry_seq"] for place, line in enumerate(lines) if line.startswith(b"R ")}
    contents = [place for place, line in enumerate(lines) if line.startswith(b"P ")]
    for place, seq in owners.items():
        assert _first([*lines[:place], *lines[place + 1 + (place + 1 in contents) :]]) == ("state gone", seq)
        binding = json.loads(lines[place][2:])
        for column in binding:
            if column != "entry_seq" and seq % 4 == 0:
                changed = f"R {canonical_json({**binding, column: 'changed'})}\n".encode()
                assert ("state", seq) in _faults([*lines[:place], changed, *lines[place + 1 :]]), column
    for place in contents:
        seq = owners[place - 1]
        content = json.loads(lines[place][2:])
        body = content["body"].replace("e", "f", 1)
        assert _first([*lines[:place], _content(content, body), *lines[place + 1 :]]) == ("content", seq)
        assert _first([*lines[:place], *lines[place + 1 :]])[0] == "content gone"
    for one, other in pairwise(contents):
        swapped = list(lines)
        swapped[one] = _content(json.loads(lines[one][2:]), json.loads(lines[other][2:])["body"])
        if json.loads(lines[one][2:])["body"] != json.loads(lines[other][2:])["body"]:
            assert _first(swapped) == ("content", owners[one - 1])


def _content(content: dict[str, str], body: str) -> bytes:
    return f"P {canonical_json({**content, 'body': body})}\n".encode()


def _faults(lines: list[bytes]) -> list[tuple[str, int]]:
    return [(kind, at) for kind, at, _ in read(lines).faults]


def _first(lines: list[bytes]) -> tuple[str, int]:
    return _faults(lines)[0]


def test_L14_content_that_nobody_owns_is_told(log: dict[str, Any]) -> None:
    lines = log[bundle.CONTENT]
    stray = _content({"revision_id": "x", "object_id": "y"}, "{}")
    assert ("content", None) in _faults([*lines[:-1], stray, lines[-1]])


def test_L16_after_a_removal_by_two_nothing_of_the_content_is_in_any_bundle(log: dict[str, Any]) -> None:
    for holds in bundle.HELD:
        assert not [line for line in log[holds] if b'Ministry 0"' in line]
    assert not read(log[bundle.CONTENT]).faults


def test_a_removal_that_only_one_person_made_is_no_removal(log: dict[str, Any]) -> None:
    lines = [line.replace(b'"rolf","","expunge agreed"', b'"rita","","expunge agreed"') for line in log[bundle.CONTENT]]
    assert any(kind == "content gone" for kind, _, _ in read(lines).faults)


@pytest.mark.parametrize("holds", bundle.HELD)
def test_a_bundle_for_an_outsider_tells_no_more_than_asked(log: dict[str, Any], holds: str) -> None:
    text = b"".join(log[holds])
    assert (b"Ministry" in text) is (holds == bundle.CONTENT)
    assert (b'"recorded_at"' in text) is (holds != bundle.ENTRIES)


def signed_places(lines: list[bytes]) -> list[int]:
    return [place for place, line in enumerate(lines) if line[:2] in (b"K ", b"S ", b"C ", b"W ")]


def test_L13_every_bit_class_of_keys_seals_checkpoints_and_kept_lines_is_missed(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    for place in signed_places(lines):
        line = lines[place]
        for offset in range(3, len(line) - 1, 7):
            changed = line[:offset] + bytes([line[offset] ^ 1]) + line[offset + 1 :]
            if changed == line or changed[offset : offset + 1] in b"\r\n":
                continue
            found = read([*lines[:place], changed, *lines[place + 1 :]])
            assert found.faults, (line[:1], offset, line[offset - 10 : offset + 10])


def test_L13_every_seal_and_key_taken_away_is_missed(log: dict[str, Any]) -> None:
    lines = log[bundle.ENTRIES]
    for place in signed_places(lines):
        if not lines[place].startswith((b"C ", b"W ")):
            assert read([*lines[:place], *lines[place + 1 :]]).faults, lines[place][:60]


@pytest.mark.parametrize("name", ["seed", "noise"])
def test_whatever_stands_in_the_file_gives_a_verdict_and_no_crash(log: dict[str, Any], name: str, tmp_path: Path) -> None:
    draw = random.Random(name)
    lines = log[bundle.CONTENT]
    for _ in range(150):
        place = draw.randrange(1, len(lines))
        octets = bytearray(lines[place])
        for _ in range(draw.randrange(1, 4)):
            octets[draw.randrange(len(octets))] = draw.randrange(256)
        if bytes(octets) != lines[place]:
            found = read([*lines[:place], bytes(octets), *lines[place + 1 :]])
            assert found.faults, (lines[place][:100], bytes(octets)[:100])


def test_L17_the_file_runs_alone_and_says_the_same_as_from_within(log: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "forestall-verify"
    file.write_bytes(bundle.verifier())
    lines = log[bundle.CONTENT]
    cases = {
        "true": lines,
        "changed": [line.replace(b'"bob"', b'"bab"') for line in lines],
        "cut": lines[:-40],
        "none": [b"something else\n"],
    }
    for name, told in cases.items():
        path = office.write_file(tmp_path, told, name)
        command = [sys.executable, "-I", "-S", str(file), str(path), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={}, check=False)
        assert done.returncode == {"true": 0, "none": 2}.get(name, 1), done.stderr
        if name != "none":
            assert json.loads(done.stdout)["first_bad_entry"] == read(told).first_bad


def test_L17_the_file_uses_the_standard_library_alone_and_no_syntax_after_3_8() -> None:
    tree = ast.parse(bundle.verifier(), feature_version=(3, 8))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    } | {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)
    assert not names & {"socket", "urllib", "http", "subprocess", "ctypes", "pickle"}
    later = {"removeprefix", "removesuffix", "bit_count", "pairwise", "UTC", "is_relative_to", "cache"}
    assert not {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & later


RFC_8032: list[tuple[str, str, str]] = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_signatures_are_those_of_the_published_vectors(key: str, message: str, signature: str) -> None:
    over = bytes.fromhex(message)
    assert verifier.signed(key, signature, over)
    assert not verifier.signed(key, signature, over + b"x")
    for place in range(0, 128, 5):
        turned = signature[:place] + format(int(signature[place], 16) ^ 1, "x") + signature[place + 1 :]
        assert not verifier.signed(key, turned, over)
    order = 2**252 + 27742317777372353535851937790883648493
    stretched = (int.from_bytes(bytes.fromhex(signature)[32:], "little") + order).to_bytes(32, "little").hex()
    assert not verifier.signed(key, signature[:64] + stretched, over), "one signature, one spelling"
    assert not verifier.signed("ff" * 32, signature, over)
    assert not verifier.signed(key, "zz", over) and not verifier.signed(key[:-2], signature, over)


def test_signatures_are_those_that_the_record_makes() -> None:
    for number in range(25):
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw().hex()
        over = f"message {number}".encode()
        assert verifier.signed(public, private.sign(over).hex(), over)


def test_proofs_are_read_as_the_record_writes_them() -> None:
    leaves = [b"%d" % number for number in range(70)]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    for size in (1, 2, 3, 8, 33, 70):
        root = merkle.root(hashes[:size]).hex()
        for index in range(size):
            proof = [one.hex() for one in merkle.inclusion_proof(hashes[:size], index)]
            assert verifier.included(proof, leaves[index], index, size, root)
            assert not verifier.included(proof, leaves[index - 1] + b"x", index, size, root)
            assert not verifier.included([*proof, root], leaves[index], index, size, root)
            assert not verifier.included(proof, leaves[index], size, size, root)
