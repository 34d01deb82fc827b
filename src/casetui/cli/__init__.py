"""The command line: thin commands; the only place that builds Store, Desk and App."""

import gc
import sys

from casetui.lean import hashlib_alone, without_drivers


def main() -> None:
    """Run ``casetui``; its exit code says how it went (SPEC 8)."""
    # Nothing that an import leaves behind is garbage: collecting while importing costs a tenth of the start.
    gc.disable()
    without_drivers()
    hashlib_alone()
    from casetui.cli.root import run  # noqa: PLC0415 - imported with the collector off

    gc.freeze()
    gc.enable()
    sys.exit(run(sys.argv[1:]))
