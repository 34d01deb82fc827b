"""What the support desk does: every verb, every read, the sweep, import and export."""
