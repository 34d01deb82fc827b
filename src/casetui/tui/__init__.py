"""The full-screen program: it draws snapshots of the desk and hands keys to its verbs."""
