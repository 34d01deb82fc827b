"""The empty Textual program that start, keys and memory are held against: a word and a number."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Floor(App[None]):
    """Shows one word and counts keys."""

    BINDINGS = [("q", "quit"), ("j", "step")]  # noqa: RUF012 - as Textual declares it

    def compose(self) -> ComposeResult:
        """Show the word."""
        self.line = Static("READY 0")
        yield self.line

    def action_step(self) -> None:
        """Count a key; nothing is laid out again."""
        self.line.update(f"READY {int(str(self.line.content).split()[1]) + 1}", layout=False)


if __name__ == "__main__":
    Floor().run()
