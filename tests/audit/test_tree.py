"""The Merkle tree: roots, the growing edge, and proofs that hold for what they prove and for nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.audit import tree
from ucc_participate.audit.tree import Frontier, ProofError


def leaf(number):
    return tree.leaf_hash(number.to_bytes(4, "big"))


LEAVES = [leaf(number) for number in range(600)]


def definition(leaves):
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + definition(leaves[:k]) + definition(leaves[k:])).digest()


def node(level, index):
    """Of the tree over LEAVES; only complete subtrees may be asked for."""
    part = LEAVES[index << level : (index + 1) << level]
    assert len(part) == 1 << level, "a subtree that is not complete was asked for"
    return definition(part)


def node_of(size):
    def bounded(level, index):
        assert (index + 1) << level <= size, "a node beyond the size of the tree was asked for"
        return node(level, index)

    return bounded


@pytest.mark.parametrize("size", [*range(70), 255, 256, 257, 511, 512, 513])
def test_the_root_is_that_of_the_definition(size):
    assert tree.root_of(LEAVES[:size]) == definition(LEAVES[:size])


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_frontier_kept_as_bytes_goes_on_growing(first, more):
    frontier = Frontier()
    frontier.extend(LEAVES[:first])
    again = Frontier.from_bytes(frontier.to_bytes())
    again.extend(LEAVES[first : first + more])
    assert (again.size, again.root()) == (first + more, definition(LEAVES[: first + more]))


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 7, b"\0" * 9, b"\0" * 8 + b"\1" * 32, (3).to_bytes(8, "big") + b"\1" * 32, (1).to_bytes(8, "big")],
)
def test_bytes_that_are_no_frontier_are_refused(data):
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(data)


@given(st.data())
def test_an_inclusion_proof_holds_for_its_leaf_its_place_and_its_tree_only(data):
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size, node_of(size))
    root = definition(LEAVES[:size])
    tree.verify_inclusion(index, size, LEAVES[index], proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index) if size > 1 else st.just(size))
    for wrong in (
        (other, size, LEAVES[index], proof, root),
        (index, size, leaf(9999), proof, root),
        (index, size, LEAVES[index], [*proof, root], root),
        (index, size, LEAVES[index], proof, leaf(1)),
        (size, size, LEAVES[index], proof, root),
        (-1, size, LEAVES[index], proof, root),
    ):
        with pytest.raises(ProofError):
            tree.verify_inclusion(*wrong)
    if proof:
        with pytest.raises(ProofError):
            tree.verify_inclusion(index, size, LEAVES[index], proof[:-1], root)


@given(st.data())
def test_a_consistency_proof_holds_for_its_two_trees_only(data):
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    proof = tree.consistency_proof(old, new, node_of(new))
    old_root, new_root = definition(LEAVES[:old]), definition(LEAVES[:new])
    tree.verify_consistency(old, new, proof, old_root, new_root)
    for wrong in (
        (old, new, [*proof, old_root], old_root, new_root),
        (old, new, proof, leaf(1000), new_root),
        (old, new, proof, old_root, leaf(1000)),
        (new + 1, new, proof, old_root, new_root),
    ):
        with pytest.raises(ProofError):
            tree.verify_consistency(*wrong)
    if proof:
        with pytest.raises(ProofError):
            tree.verify_consistency(old, new, proof[:-1], old_root, new_root)


@given(st.data())
def test_a_fork_has_no_consistency_proof(data):
    """One leaf of the old tree is another in the new one: no proof made from the new tree convinces."""
    new = data.draw(st.integers(2, 200))
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    forked = [*LEAVES[:changed], leaf(7777), *LEAVES[changed + 1 : new]]
    proof = tree.consistency_proof(old, new, lambda level, at: definition(forked[at << level : (at + 1) << level]))
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, proof, definition(LEAVES[:old]), definition(forked))


def test_nothing_follows_from_the_empty_tree():
    with pytest.raises(ProofError):
        tree.verify_consistency(0, 1, [], tree.EMPTY_ROOT, LEAVES[0])
    with pytest.raises(ValueError, match="no consistency proof"):
        tree.consistency_proof(0, 1, node)


def test_a_hash_of_another_length_is_refused():
    with pytest.raises(ProofError, match="32 bytes"):
        tree.verify_inclusion(0, 2, LEAVES[0], [b"short"], LEAVES[1])
