"""Published test vectors that others wrote, read from the shared folder beside the project (``UCC_SHARED``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from ucc_participate.audit import canonical, notes, tiles, tree
from ucc_participate.record import verify


@pytest.fixture(scope="session")
def vectors(shared: Path) -> Path:
    return shared / "vectors"


def read_cases(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def accepts(check: Callable[..., None], *arguments: Any) -> bool:
    try:
        check(*arguments)
    except tree.ProofError:
        return False
    return True


def test_inclusion_proofs_of_transparency_dev(vectors):
    cases = read_cases(vectors / "merkle/testdata/inclusion")
    wrong = []
    for case in cases:
        leaf, root = decoded(case["leafHash"]), decoded(case["root"])
        proof = [decoded(step) for step in case["proof"] or []]
        ours = accepts(tree.verify_inclusion, case["leafIdx"], case["treeSize"], leaf, proof, root)
        theirs = verify.verify_inclusion(case["leafIdx"], case["treeSize"], leaf, proof, root)
        if not ours == theirs == (not case["wantErr"]):
            wrong.append(case["desc"])
    assert (len(cases), wrong) == (98, [])


def test_consistency_proofs_of_transparency_dev(vectors):
    cases = read_cases(vectors / "merkle/testdata/consistency")
    wrong = []
    for case in cases:
        roots = decoded(case["root1"]), decoded(case["root2"])
        proof = [decoded(step) for step in case["proof"] or []]
        if accepts(tree.verify_consistency, case["size1"], case["size2"], proof, *roots) == case["wantErr"]:
            wrong.append(case["desc"])
    assert (len(cases), wrong) == (98, [])


def test_a_whole_log_that_tessera_wrote(vectors):
    """16 checkpoints of a log that grew from 0 to 15 entries: signatures, roots, tiles, bundles, consistency."""
    log = vectors / "tessera/testdata/log"
    vkey = (vectors / "tessera/testdata/log.vkey").read_text().strip()
    leaves = [tree.leaf_hash(entry) for entry in tiles.decode_bundle((log / tiles.entries_path(0, 15)).read_bytes())]
    before = None
    for size in range(16):
        note = (log / f"checkpoint.{size}").read_bytes()
        text, names = notes.open_note(note, [vkey])
        checkpoint = notes.parse_checkpoint(text)
        assert (checkpoint.origin, checkpoint.size, names) == ("example.com/log/testdata", size, [checkpoint.origin])
        assert checkpoint.root == tree.root_of(leaves[:size]) == verify.merkle_root(b"".join(leaves[:size]))
        assert verify.open_note(note, [verify.parse_vkey(vkey)], "") == (text, names)
        for place in tiles.places(size):
            check_tile(log, place, leaves)
        if before is not None and before.size:
            check_growth(before, checkpoint, leaves)
        before = checkpoint
    assert (log / "checkpoint").read_bytes() == (log / "checkpoint.15").read_bytes()


def check_tile(log, place, leaves):
    content = (log / place.path).read_bytes()
    if place.level is None:
        assert [tree.leaf_hash(entry) for entry in tiles.decode_bundle(content)] == leaves[: place.width]
        assert tiles.encode_bundle(tiles.decode_bundle(content)) == content
    else:
        assert tiles.decode_tile(content) == leaves[: place.width]


def check_growth(before, after, leaves):
    def node(level, index):
        return tree.root_of(leaves[index << level : (index + 1) << level])

    proof = tree.consistency_proof(before.size, after.size, node)
    tree.verify_consistency(before.size, after.size, proof, before.root, after.root)


def ed25519_of_the_product(public: bytes, message: bytes, signature: bytes) -> bool:
    return notes.VerificationKey("wycheproof", b"", public).verifies(message, signature)


@pytest.mark.parametrize("verifies", [ed25519_of_the_product, verify.verify_ed25519], ids=["product", "verifier"])
def test_ed25519_of_wycheproof(vectors, verifies):
    groups = json.loads((vectors / "wycheproof/testvectors_v1/ed25519_test.json").read_bytes())["testGroups"]
    cases = [(bytes.fromhex(group["publicKey"]["pk"]), case) for group in groups for case in group["tests"]]
    wrong = [
        case["tcId"]
        for public, case in cases
        if verifies(public, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])) != (case["result"] == "valid")
    ]
    assert (len(cases), wrong) == (151, [])


# What our profile leaves out on purpose: the value is refused by name, never written in another way.
OUTSIDE_THE_PROFILE = {
    "french": "must be ASCII",
    "structures": "float",
    "unicode": "NFC",
    "values": "float",
    "weird": "must be ASCII",
}


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_canonical_json_of_cyberphone(vectors, name):
    value = json.loads((vectors / f"jcs/testdata/input/{name}.json").read_bytes())
    expected = (vectors / f"jcs/testdata/output/{name}.json").read_bytes()
    assert rfc8785.dumps(value) == expected
    if name in OUTSIDE_THE_PROFILE:
        with pytest.raises(canonical.CanonicalError, match=OUTSIDE_THE_PROFILE[name]):
            canonical.dumps(value)
    else:
        assert canonical.dumps(value) == verify.jcs(value) == expected
        assert canonical.parse_strict(expected) == value
