"""Mutation testing of domain/assessment/: the code is broken in small ways, one at a time, and a test should notice.

`make mutants ARGS="verdict deadlines"` tries these modules, `make mutants` all of them. Survivors are shown as a diff
at the end; docs/mutants.md says which may survive, and why. Status 1 when a mutant survived. `--again` continues the
last run with code and tests as they are now: only changes, and mutants that no test noticed, are tried. `--tests`
runs only these files or folders, which is quicker for a first run.

mutmut is not among the locked tools, because nothing that we ship or check a change with needs it. This script installs
one release next to the environment and never into it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "domain" / "assessment"
WORK = ROOT / "build" / "mutants"
TOOL, TREE = WORK / "tool", WORK / "tree"
SEEN = TREE / "mutants" / "mutmut-stats.json"
"""Tests that reach each function, and how long they take, from the tool's last run."""
SETTINGS = "pyproject.toml"
RELEASE = "mutmut==3.8.1"
TESTS = ("tests/domain",)
"""The tests of the domain, which need no database."""
_START = "import sys; sys.path.append(sys.argv.pop(1)); from mutmut.__main__ import cli; cli()"
"""Our own environment first, so that tests run as they always do, and the tool behind it."""


def main(arguments: Sequence[str]) -> int:
    """Try the named modules, or all, or those that survived; return the exit status."""
    known = {path.stem: path for path in sorted(MODULES.rglob("*.py")) if path.stem != "__init__"}
    asked = argparse.ArgumentParser(prog="make mutants")
    asked.add_argument("module", nargs="*", help="of domain/assessment/; none is all")
    asked.add_argument("--tests", nargs="+", default=TESTS, help="by these test files or folders alone")
    asked.add_argument(
        "--again", action="store_true", help="take up the last run, of whatever modules it was"
    )
    asked.add_argument("--processes", type=int, default=1)
    given = asked.parse_args(arguments)
    if unknown := set(given.module) - set(known):
        asked.error(f"no such module: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    _install()
    if given.again:
        _take_up(given.tests, given.processes)
    else:
        shutil.rmtree(TREE, ignore_errors=True)
        _copy()
        _settle([str(known[name].relative_to(ROOT)) for name in given.module or known], given.tests)
        _run(given.processes)
    return _shown()


def _take_up(tests: Iterable[str], processes: int) -> None:
    settings = tomllib.loads((TREE / SETTINGS).read_text("utf-8"))
    SEEN.unlink(missing_ok=True)
    _copy()
    _settle(settings["tool"]["mutmut"]["only_mutate"], tests)
    _run(processes)  # what has changed since, or was not come to
    if left := _left():
        _run(processes, *left)


def _run(processes: int, *mutants: str) -> None:
    """Try these, or what has not been tried."""
    _mutmut("run", "--max-children", str(processes), *mutants)


def _shown() -> int:
    left = _left()
    for name in left:
        print(_mutmut("show", name, quiet=True))
    print(f"{len(left)} mutants were not noticed by any test")
    return 1 if left else 0


def _left() -> list[str]:
    """Return the mutants that no test has noticed, the untried included."""
    told = _mutmut("results", quiet=True).splitlines()
    return [line.split(":")[0].strip() for line in told if not line.endswith("killed")]


def _install() -> None:
    if not (TOOL / "mutmut").exists():
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:")
        subprocess.run([*pip, "--target", str(TOOL), RELEASE], check=True)  # noqa: S603  # fixed words


def _copy() -> None:
    """Copy the checkout as it is now into a tree of its own."""
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, check=True, cwd=ROOT, capture_output=True, text=True).stdout  # noqa: S603
    for name in filter(lambda name: name != SETTINGS and (ROOT / name).is_file(), listed.splitlines()):
        (TREE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, TREE / name)


def _settle(sources: Iterable[str], tests: Iterable[str]) -> None:
    """Write into the tree's settings what the tool has to do."""
    (TREE / SETTINGS).write_text(
        (ROOT / SETTINGS).read_text("utf-8") + "\n[tool.mutmut]\n"
        'source_paths = ["domain/"]\nalso_copy = ["application", "interface", "features", "docs"]\n'
        f"only_mutate = {[*sources]}\n"
        f"pytest_add_cli_args_test_selection = {list(tests)}\n"
        'pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist"]\n',
        "utf-8",
    )


def _mutmut(*arguments: str, quiet: bool = False) -> str:
    command = [sys.executable, "-c", _START, str(TOOL), *arguments]
    out = subprocess.PIPE if quiet else None
    done = subprocess.run(command, check=False, cwd=TREE, text=True, stdout=out)  # noqa: S603  # fixed words
    return done.stdout or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
