"""Write static/vendor/manifest.json: where every third-party file comes from and what it must hash to (SHA-384)."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

FILES = {
    "vazirmatn": (
        "OFL-1.1",
        [
            "ucc_participate/static/fonts/OFL.txt",
            "ucc_participate/static/fonts/vazirmatn-33.0.3-arabic.woff2",
            "ucc_participate/static/fonts/vazirmatn-33.0.3-latin.woff2",
            "ucc_participate/static/fonts/vazirmatn-33.0.3-latin-ext.woff2",
        ],
    ),
    "@tabler/icons": (
        "MIT",
        ["ucc_participate/static/vendor/tabler-icons-LICENSE.txt", "templates/macros/icons.html"],
    ),
}


def package(root: Path, lock: dict[str, dict[str, dict[str, str]]], name: str) -> dict[str, object]:
    licence, files = FILES[name]
    locked = lock["packages"][f"node_modules/{name}"]
    return {
        "package": name,
        "version": locked["version"],
        "integrity": locked["integrity"],
        "licence": licence,
        "files": {file: hashlib.sha384((root / file).read_bytes()).hexdigest() for file in files},
    }


def main(root: Path, lock_file: Path) -> None:
    lock = json.loads(lock_file.read_text())
    print(json.dumps({"packages": [package(root, lock, name) for name in FILES]}, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
