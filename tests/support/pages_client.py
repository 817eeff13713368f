"""A browser without a screen: the test client with cookies, forms and what a page says."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Page(HTMLParser):
    """A page, taken apart: its texts, links, hidden fields and data attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links, self.fields, self.subjects, self.counts, self.ids = [], {}, [], {}, []
        self.headings, self.visible, self._code, self._stack = [], [], 0, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note what a tag says."""
        given = dict(attrs)
        void = tag in {"meta", "link", "input", "br"}
        if not void:
            self._stack.append((tag, "data-code" in given or "data-reference" in given, given))
        if "href" in given and tag == "a":
            self.links.append(given["href"])
        if tag == "input" and given.get("type") in {"hidden", "radio"}:
            self.fields.setdefault(given["name"], []).append(given["value"])
        if "data-subject" in given:
            self.subjects.append(given["data-subject"])
        if "id" in given:
            self.ids.append(given["id"])

    def handle_endtag(self, tag):
        """Leave it."""
        while self._stack and self._stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        """Note a text, and whether it is a code."""
        tags = [tag for tag, *_ in self._stack]
        if not data.strip() or {"style", "script"} & set(tags):
            return
        if tags and tags[-1] in {"h1", "h2", "h3", "title"}:
            self.headings.append(data.strip())
        for _, _, given in self._stack:
            if "data-count" in given:
                self.counts[given["data-count"]] = int(data.strip().replace(",", ""))
        if not any(is_code for _, is_code, _ in self._stack):
            self.visible.append(data.strip())

    @property
    def text(self) -> str:
        """All that is said in words, without what is marked as a code or a reference."""
        return re.sub(r"\s+", " ", " ".join(self.visible))


class Browser:
    """One browser: it keeps cookies, and sends what a browser sends with a form."""

    def __init__(self, app, link) -> None:
        self.client, self._link = app.test_client(), link

    def get(self, path, **headers):
        """GET, as a browser asks."""
        return self.client.get(path, headers={"Accept": "text/html"} | headers)

    def page(self, path="/pages"):
        """A page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, path, form, **headers):
        """POST a form, from a page of ours unless the headers say otherwise."""
        return self.client.post(path, data=form, headers=SAME_ORIGIN | headers)

    def sign_in(self, person="p_trial_1", purpose="safeguarding"):
        """Open a session by a new link, and say why; None says nothing."""
        once = self._link()
        answer = self.post("/pages/sign-in", {"once": once, "person": person})
        assert (answer.status_code, answer.location) == (303, "/pages/purpose"), answer.text
        if purpose is not None:
            said = self.post("/pages/purpose", {"purpose": purpose, "form_token": self.form_token()})
            assert said.status_code == 303, said.text
        return self

    def form_token(self):
        """The token that stands in every form of the session."""
        return self.page("/pages/purpose").fields["form_token"][0]
