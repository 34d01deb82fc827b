"""Figures and what is made of them: medians, ratios of pairs, and the line that says whether a promise is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

HIGH = 0.95


@dataclass(frozen=True, slots=True)
class Line:
    """What was found about one promise at one size; ``kept`` is None where it could not be judged."""

    promise: int
    what: str
    figure: str
    bound: str
    kept: bool | None
    beside: str = ""


@dataclass(slots=True)
class Findings:
    """All lines of one run, and in how many rows the twins were found to have done the same."""

    lines: list[Line] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)

    def add(
        self, promise: int, what: str, figure: str, bound: str, *, kept: bool | None, beside: str = ""
    ) -> None:
        """Note a line."""
        self.lines.append(Line(promise, what, figure, bound, kept, beside))

    def same(self, what: str, one: Sequence[object], other: Sequence[object]) -> None:
        """Note that two twins did the same; raise ValueError where they did not."""
        if list(one) != list(other):
            differing = next((pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]), None)
            raise ValueError(f"{what}: {len(one)} rows and {len(other)}, first difference: {differing}")
        self.compared[what] = self.compared.get(what, 0) + len(one)

    def table(self) -> str:
        """Return the lines as a table of Markdown."""
        head = ["| # | promise | found | bound | kept | beside it |", "|---|---|---|---|---|---|"]
        words = {True: "yes", False: "**no**", None: "-"}
        return "\n".join(
            head
            + [
                f"| {line.promise} | {line.what} | {line.figure} | {line.bound} | {words[line.kept]}"
                f" | {line.beside} |"
                for line in sorted(self.lines, key=lambda line: line.promise)
            ]
        )


def high(values: Sequence[float]) -> float:
    """Return the 95th percentile, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(HIGH * (len(ordered) - 1)))]


def ratios(ones: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the ratios of pairs that ran side by side."""
    pairs = [one / other for one, other in zip(ones, others, strict=True)]
    return median(pairs), high(pairs)


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """Return median and 95th percentile in words."""
    return f"{median(values):.1f} {unit}, p95 {high(values):.1f}"
