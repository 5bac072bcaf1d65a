"""What tests of pages do as people do: read a page's words, and send a form as it was opened."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SEEN = re.compile(r'name="seen" value="([^"]*)"')


def words(answer: TestResponse) -> str:
    """The page's text as a person reads it."""
    return plain(answer.text)


def plain(page: str) -> str:
    """HTML as a person reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def seen(answer: TestResponse) -> str:
    """What the form on the page knows of the record's content."""
    found = SEEN.search(answer.text)
    assert found is not None
    return found[1]


def send(client: FlaskClient, address: str, fields: dict[str, Any], **more: Any) -> TestResponse:
    """Send a form with what it showed when it was opened."""
    return client.post(address, data=fields | {"seen": seen(client.get(address))} | more)
