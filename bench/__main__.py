"""Every measurement in this folder, one after the other, each in a process of its own: ``python -m bench [NAME…]``."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if not module.name.startswith("_"))


def run(name: str) -> int:
    print(f"\n== {name} ==", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=FOLDER.parent, check=False).returncode


if __name__ == "__main__":
    chosen = sys.argv[1:] or names()
    failed = [name for name in chosen if run(name) != 0]
    print(f"\n{len(chosen)} measurements, {len(failed)} failed {' '.join(failed)}".rstrip())
    sys.exit(1 if failed else 0)
