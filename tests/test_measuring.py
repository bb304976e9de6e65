"""What the measurements of bench/ stand on."""

from __future__ import annotations

import resource
import sys

from bench._measuring import run

CHILD = "import sys; held = bytearray(int(sys.argv[1]) << 20); sum(range(8_000_000))"
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}, '{megabytes}'], check=True)"


def test_programs_that_a_measured_process_starts_are_counted() -> None:
    """More than this process ever had: whoever measures is the least that is found."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + 100
    alone = run([sys.executable, "-c", "print('done')"])
    with_child = run([sys.executable, "-c", PARENT.format(child=CHILD, megabytes=megabytes)])
    assert alone.output == "done\n"
    assert with_child.peak_mb > megabytes > alone.peak_mb
    assert with_child.cpu > alone.cpu


def test_measured_processes_find_the_application_compiled() -> None:
    words = "import sys, ucc_participate.kernel.clock as c; print(sys.dont_write_bytecode, c.__cached__)"
    kept, _space, path = run([sys.executable, "-c", words]).output.strip().partition(" ")
    assert kept == "False"
    assert "ucc-bench-" in path
