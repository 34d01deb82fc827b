"""The schema, one numbered step a file, applied in order by playhouse.migrations."""
