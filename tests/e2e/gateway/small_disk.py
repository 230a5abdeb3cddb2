"""A file system of a few megabytes, to be filled by a test."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from installation import run


def small_disk(megabytes, add_cleanup):
    """Its folder; skips the test where none can be mounted."""
    if os.geteuid() != 0:
        raise unittest.SkipTest("skipped: a small file system needs root")
    folder = tempfile.TemporaryDirectory(prefix="caseway-small-disk-")
    add_cleanup(folder.cleanup)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder.name], capture_output=True, check=False)
    if mounted.returncode != 0:
        raise unittest.SkipTest("skipped: tmpfs cannot be mounted here: " + mounted.stderr.decode().strip())
    add_cleanup(run, "umount", "-l", folder.name)
    return pathlib.Path(folder.name)


def fill(disk, spare=0):
    """Takes all space but `spare` bytes and what lies between two pages."""
    with open(disk / "filler", "ab", buffering=0) as filler:
        size = 1 << 20
        while size >= 512:
            try:
                if filler.write(b"\0" * size) < size:
                    size //= 2
            except OSError:
                size //= 2
        filler.truncate(max(0, filler.tell() - spare))
