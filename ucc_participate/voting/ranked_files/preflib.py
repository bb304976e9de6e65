"""PrefLib's files of orders (https://www.preflib.org/format): `.soc` strict and complete, `.soi` strict and incomplete,
`.toc` and `.toi` with ties.

What is not ranked is below all that is. So a tie of everything that is left, at the end of an order, says the same as
leaving it out, and is read so. Any other tie is refused, or the order is cut before it, whichever is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from .files import MOST_ALTERNATIVES, RankedFile, RankedFileError, Ranking, decode, require_different, whole

KINDS = ("soc", "soi", "toc", "toi")
_OWN = ("DATA TYPE", "TITLE", "NUMBER ALTERNATIVES", "NUMBER VOTERS", "NUMBER UNIQUE ORDERS")
_NAME = re.compile(r"ALTERNATIVE NAME ([0-9]+)")
_GROUP = re.compile(r"\{([0-9,\s]*)\}|([0-9]+)")
_ORDER = re.compile(r"(?:(?:\{[0-9,\s]*\}|[0-9]+)\s*(?:,\s*(?=[{0-9])|$))*")


def read(content: bytes, *, cut_ties: bool = False) -> RankedFile:
    """RankedFileError names the line of the first fault. ``cut_ties``: end an order before its first tie."""
    header: dict[str, tuple[int, str]] = {}
    data: list[tuple[int, str]] = []
    for line, text in enumerate(decode(content).split("\n"), start=1):
        if text.startswith("#"):
            key, _, value = text[1:].partition(":")
            header[key.strip()] = (line, value.strip())
        elif text.strip():
            data.append((line, text))
    options = _stated(header, "NUMBER ALTERNATIVES", most=MOST_ALTERNATIVES)
    names = _names(header, options)
    ballots = tuple(_ballot(line, text, options, cut_ties=cut_ties) for line, text in data)
    _require_kept(header, "NUMBER UNIQUE ORDERS", len(ballots))
    _require_kept(header, "NUMBER VOTERS", sum(times for times, _ in ballots))
    rest = tuple((key, text) for key, (_, text) in header.items() if key not in _OWN and not _NAME.fullmatch(key))
    return RankedFile(header.get("TITLE", (0, ""))[1], names, ballots, metadata=rest)


def _stated(header: dict[str, tuple[int, str]], key: str, *, most: int) -> int:
    if key not in header:
        raise RankedFileError(1, _l("the header does not say “%(key)s”. Add the line.", key=key))
    line, text = header[key]
    return whole(line, text, most=most)


def _names(header: dict[str, tuple[int, str]], options: int) -> tuple[str, ...]:
    for key, (line, _) in header.items():
        found = _NAME.fullmatch(key)
        if found:
            whole(line, found[1], most=options)
    return tuple(header.get(f"ALTERNATIVE NAME {at}", (0, str(at)))[1] for at in range(1, options + 1))


def _require_kept(header: dict[str, tuple[int, str]], key: str, found: int) -> None:
    if key in header and (stated := whole(*header[key], least=0)) != found:
        raise RankedFileError(
            header[key][0],
            _l("“%(key)s” is said to be %(stated)s, the file holds %(found)s.", key=key, stated=stated, found=found),
        )


def _ballot(line: int, text: str, options: int, *, cut_ties: bool) -> tuple[int, Ranking]:
    times, colon, order = text.partition(":")
    if not colon or not _ORDER.fullmatch(order.strip()):
        raise RankedFileError(line, _l("an order is written like “12: 3,1,2”: how many voters, then option numbers."))
    groups = [
        [whole(line, number.strip(), most=options) - 1 for number in (tied or single).split(",") if number.strip()]
        for tied, single in _GROUP.findall(order)
    ]
    require_different(line, [i for group in groups for i in group])
    return whole(line, times.strip()), _strict(line, groups, options, cut_ties=cut_ties)


def _strict(line: int, groups: Sequence[Sequence[int]], options: int, *, cut_ties: bool) -> Ranking:
    ranking: list[int] = []
    for group in groups:
        is_all_that_is_left = len(ranking) + len(group) == options
        if len(group) > 1 and (is_all_that_is_left or cut_ties):
            break
        if len(group) > 1:
            raise RankedFileError(line, _l("two options have the same rank. Give each option a rank of its own."))
        ranking.extend(group)
    return tuple(ranking)


def write(file: RankedFile, kind: str | None = None) -> bytes:
    """What ``read`` reads back without loss (but places, withdrawn options and notes, for which there is no line).

    ``kind``: one of KINDS, by default `soc` where every order is complete, else `soi`; `toc` ends orders by a tie of
    what is not ranked. ValueError where orders are not complete and the kind has no ties.
    """
    is_complete = all(len(ranking) == len(file.names) for _, ranking in file.ballots)
    kind = kind or ("soc" if is_complete else "soi")
    if kind == "soc" and not is_complete:
        raise ValueError("an order is not complete")
    header = {
        **dict(file.metadata),
        "DATA TYPE": kind,
        "TITLE": file.title,
        "NUMBER ALTERNATIVES": str(len(file.names)),
        "NUMBER VOTERS": str(file.voters),
        "NUMBER UNIQUE ORDERS": str(len(file.ballots)),
        **{f"ALTERNATIVE NAME {at}": name for at, name in enumerate(file.names, start=1)},
    }
    lines = [f"# {key}: {_in_a_line(text)}" for key, text in header.items()]
    lines += [f"{times}: {_order(ranking, len(file.names), kind)}" for times, ranking in file.ballots]
    return ("\n".join(lines) + "\n").encode()


def _order(ranking: Ranking, options: int, kind: str) -> str:
    said = [str(i + 1) for i in ranking]
    left = [str(i + 1) for i in range(options) if i not in ranking]
    if kind == "toc" and left:
        said.append(left[0] if len(left) == 1 else "{" + ",".join(left) + "}")
    return ",".join(said)


def _in_a_line(text: str) -> str:
    return " ".join(text.split())
