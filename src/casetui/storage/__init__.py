"""Where cases lie: tables, opening and guarding a database, migrations."""

from casetui.lean import without

DRIVERS = ("psycopg2cffi", "psycopg2", "psycopg", "pymysql", "MySQLdb")
"""Drivers of databases that this program opens none of."""

# Peewee imports each driver that is installed: 150 ms for whoever has psycopg.
with without(*DRIVERS):
    import peewee  # noqa: F401
