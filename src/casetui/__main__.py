"""``python -m casetui`` is the command ``casetui``."""

from casetui.cli import main

main()
