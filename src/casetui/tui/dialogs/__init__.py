"""Typed modals: they collect, they do not act."""
