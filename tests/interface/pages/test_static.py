"""Styles that others wrote are as they were compiled, with their licence, and only from what is listed."""

from __future__ import annotations

import hashlib
import json

from tests.support.repository import ROOT

PAGES = ROOT / "interface" / "pages"
STATIC = PAGES / "static"


def test_the_compiled_styles_have_the_hash_that_is_kept_with_them():
    digest, name = (STATIC / "SHA256SUMS").read_text().split()
    assert (name, digest) == ("govuk.css", hashlib.sha256((STATIC / name).read_bytes()).hexdigest())


def test_they_bring_no_fonts_no_pictures_and_their_licence():
    styles = (STATIC / "govuk.css").read_text("utf-8")
    for word in ("url(", "@font-face", "GDS Transport", "crest"):
        assert word not in styles
    assert "The MIT License" in (STATIC / "NOTICE").read_text("utf-8")


def test_styles_and_macros_are_of_one_release_and_the_lock_names_no_address():
    wanted = json.loads((PAGES / "scss" / "package.json").read_text())["dependencies"]
    locked = json.loads((PAGES / "scss" / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert not [name for name, package in locked.items() if "resolved" in package]
    assert "govuk-frontend-jinja==4.1.0" in (ROOT / "requirements-run.lock").read_text()
    assert f'"{wanted["govuk-frontend"]}"' in (STATIC / "govuk.css").read_text("utf-8")
