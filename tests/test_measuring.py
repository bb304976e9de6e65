"""What the measurements of bench/ stand on."""

from __future__ import annotations

import sys

from bench._measuring import run

CHILD = """
import sys
held = bytearray(400_000_000)
sum(range(8_000_000))
"""
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}], check=True); print('done')"


def test_programs_that_a_measured_process_starts_are_counted() -> None:
    alone = run([sys.executable, "-c", "print('done')"])
    with_child = run([sys.executable, "-c", PARENT])
    assert with_child.output == "done\n"
    assert with_child.peak_mb > 380 > alone.peak_mb
    assert with_child.cpu > alone.cpu


def test_measured_processes_find_the_application_compiled() -> None:
    told = run(
        [
            sys.executable,
            "-c",
            "import sys, ucc_participate.kernel.clock as c; print(sys.dont_write_bytecode, c.__cached__)",
        ]
    )
    kept, _space, path = told.output.strip().partition(" ")
    assert kept == "False"
    assert "ucc-bench-" in path
