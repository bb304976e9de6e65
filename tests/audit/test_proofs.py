"""The proof file that a participant keeps."""

import pytest

from ucc_participate.audit import notes, proofs, tree

LOG = notes.Signer("log.example", b"\1" * 32)
ENTRIES = [f"entry {number}".encode() for number in range(11)]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]
CHECKPOINT = LOG.sign(notes.checkpoint_text("log.example", 11, tree.root_of(LEAVES)))


def text_for(index, entry=None):
    hashes = tree.inclusion_proof(index, 11, lambda level, at: tree.root_of(LEAVES[at << level : (at + 1) << level]))
    return proofs.build(index, entry or ENTRIES[index], hashes, CHECKPOINT)


@pytest.mark.parametrize("index", range(11))
def test_a_proof_shows_its_entry_in_the_signed_tree(index):
    proof, checkpoint = proofs.verify(text_for(index), [LOG.vkey], "log.example")
    assert (proof.index, proof.entry, checkpoint.size) == (index, ENTRIES[index], 11)


def test_the_file_has_the_standard_form():
    lines = text_for(3).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZW50cnkgMw==", "index 3"]
    assert lines[7] == ""
    assert "\n".join(lines[8:]) == CHECKPOINT


def test_a_proof_of_another_entry_or_place_is_refused():
    with pytest.raises(tree.ProofError, match="another root"):
        proofs.verify(text_for(3, b"another entry"), [LOG.vkey])
    with pytest.raises(tree.ProofError):
        proofs.verify(text_for(3).replace("index 3", "index 4"), [LOG.vkey])


def test_a_proof_of_another_log_is_refused():
    with pytest.raises(tree.ProofError, match="another log"):
        proofs.verify(text_for(3), [LOG.vkey], "other.example")
    with pytest.raises(notes.NoteError):
        proofs.verify(text_for(3), [notes.Signer("log.example", b"\2" * 32).vkey])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("extra ZW50cnkgMw==", "extra"),
        ("extra ZW50cnkgMw==", "extra ZW50cnkgMx=="),
        ("extra ZW50cnkgMw==", "extra ZW50cnkgMw"),
        ("index 3", "index 03"),
        ("index 3", "index -3"),
        ("index 3", "index 3\n\n"),
        ("index 3\n", ""),
        ("index 3", "index 3" + "\nAAAA" * 70),
    ],
)
def test_a_malformed_proof_is_refused(old, new):
    with pytest.raises((tree.ProofError, notes.NoteError)):
        proofs.verify(text_for(3).replace(old, new), [LOG.vkey])
