"""Tests of casetui; each docstring is a promise."""
