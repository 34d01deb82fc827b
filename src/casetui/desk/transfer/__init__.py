"""Cases in and out: files read by a mapping, staged, built into histories and written; and the way back."""
