"""Pure rules: the status table, clocks, records, errors and wording; nothing here reads or writes."""
