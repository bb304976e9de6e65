"""Commitments: one field can be opened while its neighbour stays unguessable."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.audit import canonical, commitments

SALT = bytes(range(32))
names = st.from_regex("[a-z][a-z0-9_]{0,20}", fullmatch=True)
payloads = st.dictionaries(names, st.integers(-9, 9) | st.text("abcپگ") | st.lists(st.booleans()), max_size=6)


@given(payloads)
def test_the_commitment_is_the_documented_one(payload):
    digests = []
    for name, value in payload.items():
        key = HKDF(SHA256(), 32, salt=None, info=name.encode()).derive(SALT)
        digests.append(
            sha256(b"ucc-f1\0" + key + len(name).to_bytes(2, "big") + name.encode() + canonical.dumps(value)).digest()
        )
    assert commitments.commit(SALT, payload) == sha256(b"ucc-c1\0" + b"".join(sorted(digests))).hexdigest()


@given(payloads, st.data())
def test_opened_and_withheld_fields_together_give_the_commitment(payload, data):
    opened = commitments.open_fields(SALT, payload)
    withheld = {name for name in payload if data.draw(st.booleans())}
    digests = [
        commitments.field_digest(bytes.fromhex(str(salt)), name, value) for name, (salt, value) in opened.items()
    ]
    assert commitments.commit_digests(digests) == commitments.commit(SALT, payload)
    line = commitments.opening(7, {n: opened[n] for n in opened if n not in withheld}, dict.fromkeys(withheld, "d"))
    assert line == {
        "fields": {n: opened[n] for n in payload if n not in withheld},
        "index": 7,
        "withheld": dict.fromkeys(withheld, "d"),
    }


def test_an_empty_payload_needs_no_opening():
    assert commitments.commit(commitments.new_salt(), {}) == commitments.EMPTY == sha256(b"ucc-c1\0").hexdigest()
    assert commitments.open_fields(SALT, {}) == {}


def test_any_other_value_name_or_salt_gives_another_commitment():
    same = commitments.commit(SALT, {"title": "a", "body": "b"})
    assert commitments.commit(SALT, {"body": "b", "title": "a"}) == same
    others = [(SALT, {"title": "b", "body": "a"}), (SALT, {"title": "a"}), (bytes(32), {"title": "a", "body": "b"})]
    assert all(commitments.commit(salt, payload) != same for salt, payload in others)


def test_fields_have_salts_of_their_own():
    opened = commitments.open_fields(SALT, {"title": "a", "author": "a"})
    assert opened["title"][0] != opened["author"][0]
    assert commitments.field_salt(SALT, "title").hex() == opened["title"][0]


def test_salts_are_random():
    assert len({commitments.new_salt() for _ in range(100)}) == 100


def test_a_ballot_is_committed_with_its_vote_and_order():
    plain = commitments.ballot(SALT, "vote/v1", ["a", "b"])
    assert plain == sha256(b"ucc-b1\0" + SALT + b'{"choices":["a","b"],"vote":"vote/v1"}').hexdigest()
    assert commitments.ballot(SALT, "vote/v2", ["a", "b"]) != plain != commitments.ballot(SALT, "vote/v1", ["b", "a"])


@pytest.mark.parametrize("salt", [b"", b"short", bytes(33)])
def test_a_salt_of_another_length_is_refused(salt):
    with pytest.raises(ValueError, match="32 bytes"):
        commitments.commit(salt, {"a": 1})
    with pytest.raises(ValueError, match="32 bytes"):
        commitments.ballot(salt, "vote/v", [])
    with pytest.raises(ValueError, match="32 bytes"):
        commitments.field_digest(salt, "a", 1)


@pytest.mark.parametrize("name", ["", "x" * 65_536])
def test_a_name_of_an_impossible_length_is_refused(name):
    with pytest.raises(ValueError, match="name"):
        commitments.field_digest(SALT, name, 1)


def test_a_value_without_a_canonical_form_is_refused():
    with pytest.raises(canonical.CanonicalError):
        commitments.commit(SALT, {"share": 0.5})
