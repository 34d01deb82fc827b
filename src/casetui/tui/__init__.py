"""The full-screen program: it draws snapshots of the desk and hands keys to its verbs."""

from casetui.lean import hollow, without

# asyncio brings TLS, which no screen speaks: 6 ms. Whoever sends letters imports it.
with without("ssl"):
    import asyncio  # noqa: F401
# Textual's app brings the palette, and with it inputs, lists and trees, which no start shows: 10 ms, 1.2 MiB.
with hollow("textual.command"):
    import textual.app  # noqa: F401
