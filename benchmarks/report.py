"""What was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.rounds import Ratio, Suite

Json = dict[str, Any]


def as_json(about: Json, suites: Sequence[Suite]) -> Json:
    """Everything, with the rates of every round."""
    return {**about, "suites": [_suite(suite) for suite in suites]}


def _suite(suite: Suite) -> Json:
    arms = [
        {
            "arm": name,
            "about": about,
            "per_second" if suite.each_second else suite.unit: round(suite.rate(name), 1),
            "p50_ms": _rounded(suite.quantile(name, 0.50)),
            "p99_ms": _rounded(suite.quantile(name, 0.99)),
            "rounds": [round(measured.rate, 1) for measured in suite.measured[name]],
        }
        for name, about in suite.arms.items()
    ]
    return {
        "suite": suite.title,
        "unit": suite.unit,
        "arms": arms,
        "ratios": [_ratio(r) for r in suite.ratios()],
    }


def _ratio(ratio: Ratio) -> Json:
    against = ratio.against
    said = {"arm": against.arm, "to": against.base, "median": ratio.median}
    if against.share is not None:
        said["of"] = f"p{100 * against.share:.0f}"
    said |= {"least": ratio.least, "greatest": ratio.greatest}
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in said.items()}
    return rounded | ({} if against.aim is None else {"aim": against.aim})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def as_text(about: Json, suites: Sequence[Suite]) -> str:
    """A table for each suite: first what each arm did, then the ratios."""
    lines = [", ".join(f"{name} {value}" for name, value in about.items())]
    for suite in suites:
        lines += ["", suite.title, *_arms(suite), *_ratios(suite)]
    return "\n".join(lines)


def _arms(suite: Suite) -> Iterator[str]:
    yield f"  {'arm':30} {suite.unit + '/s' * suite.each_second:>12} {'p50 ms':>8} {'p99 ms':>8}"
    for name in suite.arms:
        quantiles = (_number(suite.quantile(name, share)) for share in (0.50, 0.99))
        yield f"  {name:30} {suite.rate(name):12,.0f} {next(quantiles):>8} {next(quantiles):>8}"


def _ratios(suite: Suite) -> Iterator[str]:
    for ratio in suite.ratios():
        against = ratio.against
        aim = "" if against.aim is None else f"  (aim {against.aim:g})"
        spread = f"{ratio.median:6.3f}  [{ratio.least:.3f} - {ratio.greatest:.3f}]"
        yield f"  {against.name:48} {spread}{aim}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
