"""What a move wants besides its status, asked for one thing after another."""

from collections.abc import Callable

from msgspec.structs import replace
from textual.app import App

from casetui.domain.records import Request
from casetui.domain.workflow import Ask
from casetui.tui.dialogs.choices import Choice, Choose
from casetui.tui.dialogs.small import TextPrompt
from casetui.tui.drawing import content


class Inquiry:
    """Asks for what is missing of a request, and hands the whole to ``done``.

    What was typed is kept for the next time, whether it was accepted or not.
    """

    def __init__(self, app: App[object], done: Callable[[Request], None], *, kept: Request | None) -> None:
        self.app = app
        self.done = done
        self.kept: dict[str, str] = {
            name: getattr(kept, name)
            for name in ("reason", "release", "provider", "override")
            if getattr(kept, name, None)
        }

    def ask(self, request: Request) -> None:
        """Ask for the next thing, or be done."""
        label = request.target.label
        asks = () if request.as_customer else request.target.row.asks
        if request.override == "":
            words = "The note stands in for all that the move would ask, and the history says so."
            self._line(request, "override", f"Why override to {label}?", words)
        elif request.override:
            self.done(request)
        elif Ask.REASON in asks and request.reason is None:
            self._reason(request)
        elif Ask.RELEASE in asks and request.release is None:
            self._line(request, "release", "Which release has the fix?")
        elif Ask.PROVIDER in asks and request.provider is None:
            self._line(request, "provider", "Which provider do we wait for?")
        else:
            self.done(request)

    def _reason(self, request: Request) -> None:
        row = request.target.row
        choices = [
            Choice(reason, str(at), content(reason.replace("_", " "))) for at, reason in enumerate(row.reasons, 1)
        ]
        dialog = Choose(f"Why {row.label}?", choices, first=self.kept.get("reason"))
        self.app.push_screen(dialog, lambda reason: self._go_on(request, reason=reason))

    def _line(self, request: Request, name: str, title: str, words: str = "") -> None:
        prompt = TextPrompt(title, value=self.kept.get(name, ""), words=words)

        def typed(value: str | None) -> None:
            self.kept[name] = prompt.typed
            self._go_on(request, **{name: value})

        self.app.push_screen(prompt, typed)

    def _go_on(self, request: Request, **given: str | None) -> None:
        if all(value is not None for value in given.values()):
            self.ask(replace(request, **given))
