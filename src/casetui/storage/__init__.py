"""Where cases lie: tables, opening and guarding a database, migrations."""
