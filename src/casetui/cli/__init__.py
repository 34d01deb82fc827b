"""The command line: thin commands; the only place that builds Store, Desk and App."""

import gc
import sys

DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg", "pymysql", "MySQLdb")
"""Drivers of databases that this program opens none of; Peewee imports each that is installed."""


def main() -> None:
    """Run ``casetui``; its exit code says how it went (SPEC 8)."""
    # Nothing that an import leaves behind is garbage: collecting while importing costs a tenth of the start.
    gc.disable()
    for driver in DRIVERS:  # an empty place is a failed import: 150 ms less for whoever has psycopg
        sys.modules.setdefault(driver, None)  # type: ignore[arg-type]  # the stubs know only modules
    from casetui.cli.root import run  # noqa: PLC0415 - imported with the collector off

    gc.freeze()
    gc.enable()
    sys.exit(run(sys.argv[1:]))
