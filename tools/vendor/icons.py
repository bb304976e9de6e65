"""Write templates/macros/icons.html: the named Tabler icons as one Jinja macro, drawn inline, without a request."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

HEAD = """{#- Built by tools/vendor/vendor.sh from @tabler/icons; not edited by hand.
    Licence: MIT, static/vendor/tabler-icons-LICENSE.txt
    icon(name)               a drawing beside a word, never without one: it is hidden from screen readers
    icon(name, mirror=true)  for arrows: points the other way on a page that reads from the right -#}
"""

MACRO = """{%- macro icon(name, mirror=false) -%}
<svg class="icon{{ ' icon-mirror' if mirror }}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" \
focusable="false"><path d="{{ ICONS[name] }}"/></svg>
{%- endmacro -%}
"""


def drawing(file: Path) -> str:
    """The path data of one outline icon; the empty 24 × 24 box that Tabler puts first is left out."""
    paths = [node.attrib for node in ElementTree.parse(file).iter() if node.tag.endswith("path")]
    return " ".join(path["d"] for path in paths if path.get("stroke") != "none")


def main(names: Path, folder: Path) -> None:
    lines = [f'    "{name}": "{drawing(folder / f"{name}.svg")}",' for name in sorted(names.read_text().split())]
    print(HEAD + "{%- set ICONS = {\n" + "\n".join(lines) + "\n} -%}\n" + MACRO, end="")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
