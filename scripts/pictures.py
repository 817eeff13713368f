"""Pictures of the pages, taken from a running demonstration: `make pictures` writes them to docs/pictures.

It needs Chromium. The children, references and times in the pictures are those of the made-up year.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "pictures"
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


@contextmanager
def demonstration() -> Iterator[str]:
    """Run a demonstration of its own; yield the link that opens its pages."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            ROOT / "bin" / "ledger",
            "run",
            "--demo",
            "--json",
            "--port",
            "0",
            "--data",
            Path(folder) / "trial",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603  our own program
            try:
                assert running.stdout is not None  # it is a pipe
                yield json.loads(running.stdout.readline())["pages"]
            finally:
                running.send_signal(signal.SIGINT)


def sign_in(page: Page, link: str) -> None:
    """Become the duty manager, who reads for safeguarding."""
    page.goto(link)
    page.get_by_label("Duty manager", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Safeguarding").check()
    page.get_by_role("button", name="Continue").click()


def main() -> int:
    """Take every picture; return the exit status."""
    if (chromium := shutil.which("chromium")) is None:
        sys.stderr.write("There is no chromium: install it.\n")
        return 1
    with demonstration() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        page = browser.new_page(viewport={"width": 1000, "height": 1240})
        sign_in(page, link)
        page.screenshot(path=PICTURES / "tonight.png")
        page.locator("#unknown ~ ul a").first.click()
        page.screenshot(path=PICTURES / "story.png")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
