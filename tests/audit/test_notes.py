"""Signed notes and checkpoints: who signed what, and what is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.audit import notes
from ucc_participate.audit.notes import NoteError, Signer, VerificationKey

LOG = Signer("log.example", b"\1" * 32)
IMPOSTOR = Signer("log.example", b"\2" * 32)
WITNESS = Signer("witness.example", b"\3" * 32)
TEXT = notes.checkpoint_text("log.example", 3, b"r" * 32)


def signature_of(note):
    return note.rpartition("\n\n")[2]


def both(first, second, text=TEXT):
    return first.sign(text) + signature_of(second.sign(text))


def test_a_note_opens_with_the_key_that_signed_it():
    assert notes.open_note(LOG.sign(TEXT), [LOG.vkey]) == (TEXT, ["log.example"])
    assert notes.open_note(LOG.sign(TEXT).encode(), [LOG.vkey]) == (TEXT, ["log.example"])


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_text_can_be_signed(text):
    assert notes.open_note(LOG.sign(text + "\n\nmore\n"), [LOG.vkey])[0] == text + "\n\nmore\n"


def test_the_key_is_published_in_the_standard_form():
    key = VerificationKey.parse(LOG.vkey)
    assert (str(key), key.name, len(key.public)) == (LOG.vkey, "log.example", 32)


def test_signatures_of_unknown_keys_are_ignored():
    assert notes.open_note(both(WITNESS, LOG), [LOG.vkey]) == (TEXT, ["log.example"])


def test_another_key_of_the_same_name_is_not_the_key():
    with pytest.raises(NoteError, match="is by another key"):
        notes.open_note(IMPOSTOR.sign(TEXT), [LOG.vkey])
    assert notes.open_note(both(IMPOSTOR, LOG), [LOG.vkey]) == (TEXT, ["log.example"])


def test_a_signature_counts_once():
    twice = both(LOG, LOG)
    assert notes.open_note(twice, [LOG.vkey, LOG.vkey, WITNESS.vkey]) == (TEXT, ["log.example"])


def test_every_known_signer_is_named():
    assert notes.open_note(both(LOG, WITNESS), [WITNESS.vkey, LOG.vkey])[1] == ["log.example", "witness.example"]


def test_a_changed_text_is_refused_even_when_another_known_key_would_do():
    note = both(LOG, WITNESS).replace("\n3\n", "\n4\n")
    for keys in ([LOG.vkey], [WITNESS.vkey], [LOG.vkey, WITNESS.vkey]):
        with pytest.raises(NoteError, match="not valid"):
            notes.open_note(note, keys)


def test_nobody_known_is_nobody():
    with pytest.raises(NoteError, match="no known key"):
        notes.open_note(WITNESS.sign(TEXT), [LOG.vkey])
    with pytest.raises(NoteError, match="no known key"):
        notes.open_note(WITNESS.sign(TEXT), [])


@pytest.mark.parametrize(
    "bend",
    [
        lambda note: note[:-1],
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("— ", "- "),
        lambda note: note + "\n",
        lambda note: note + "free text\n",
        lambda note: note[:-2] + "\n",
        lambda note: note.replace("log.example\n3", "log.example\r\n3"),
        lambda note: note + "— log.example AAAA\n",
        lambda note: note + "— log+example AAAAAAAA\n",
        lambda note: note + signature_of(WITNESS.sign(TEXT)) * 100,
        lambda note: "x" * 1_000_001 + note,
        lambda note: note.encode() + b"\xff",
    ],
)
def test_a_malformed_note_is_refused(bend):
    with pytest.raises(NoteError):
        notes.open_note(bend(LOG.sign(TEXT)), [LOG.vkey])


def test_base64_has_one_spelling():
    note = LOG.sign(TEXT)
    assert len(base64.b64decode(signature_of(note).split()[2])) == 68
    blob = signature_of(note).split()[2]
    assert blob.endswith("=")
    other = blob[:-2] + chr(ord(blob[-2]) + 1) + "="
    assert base64.b64decode(other) == base64.b64decode(blob)
    with pytest.raises(NoteError, match="canonical base64"):
        notes.open_note(note.replace(blob, other), [LOG.vkey])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "log.example",
        LOG.vkey + "A",
        LOG.vkey.replace("log", "lag"),
        LOG.vkey.replace("+", "++", 1),
        "a+00000000+AAAA",
    ],
)
def test_a_malformed_key_is_refused(vkey):
    with pytest.raises(NoteError):
        notes.open_note(LOG.sign(TEXT), [vkey])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb"])
def test_a_key_cannot_have_a_name_that_would_break_a_note(name):
    with pytest.raises(NoteError):
        Signer(name, b"\1" * 32)


def test_a_seed_has_32_bytes():
    with pytest.raises(NoteError, match="32 bytes"):
        Signer("log.example", b"\1" * 31)


@pytest.mark.parametrize("text", ["no end", "a\rb\n", "a\0b\n", "\ud800\n"])
def test_a_text_that_cannot_be_a_note_is_not_signed(text):
    with pytest.raises(NoteError):
        LOG.sign(text)


def test_a_checkpoint_is_read_back():
    checkpoint = notes.parse_checkpoint(TEXT)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.extensions) == (
        "log.example",
        3,
        b"r" * 32,
        (),
    )
    assert notes.parse_checkpoint(TEXT + "more\n").extensions == ("more",)


ROOT = base64.b64encode(b"r" * 32).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"o\n3\n{ROOT}",
        f"\n3\n{ROOT}\n",
        f"o\n03\n{ROOT}\n",
        f"o\n-3\n{ROOT}\n",
        f"o\n٣\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        f"o\n3\n{ROOT[:-1]}\n",
        f"o\n3\n{base64.b64encode(b'r' * 31).decode()}\n",
        f"o\n3\n{ROOT}\n\n",
        "o\n3\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteError):
        notes.parse_checkpoint(text)


@pytest.mark.parametrize(
    ("origin", "size", "root"), [("a\nb", 3, b"r" * 32), ("", 3, b"r" * 32), ("o", -1, b"r" * 32), ("o", 3, b"r")]
)
def test_a_checkpoint_that_could_not_be_read_is_not_written(origin, size, root):
    with pytest.raises(NoteError):
        notes.checkpoint_text(origin, size, root)
