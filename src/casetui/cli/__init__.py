"""The command line: thin commands; the only place that builds Store, Desk and App."""

import gc
import sys

from casetui.lean import hashlib_alone, msgspec_alone, without_drivers

_YOUNG = 10_000
"""Objects after which the collector looks at the new ones: most commands are done before it does."""


def main() -> None:
    """Run ``casetui``; its exit code says how it went (SPEC 8)."""
    # Nothing that an import leaves behind is garbage: collecting while importing costs a tenth of the start.
    gc.disable()
    without_drivers()
    hashlib_alone()
    msgspec_alone()
    from casetui.cli.root import run  # noqa: PLC0415 - imported with the collector off

    gc.freeze()
    gc.set_threshold(_YOUNG)
    gc.enable()
    code = run(sys.argv[1:])
    gc.freeze()  # what is left is no garbage either, and Python goes through all of it when it ends
    sys.exit(code)
