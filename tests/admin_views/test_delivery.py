"""How answers travel: compressed for who asks, guarded, files ahead of the application."""

import gzip

import brotli
import pytest

SMALL = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("coding", SMALL)
@pytest.mark.parametrize("path", ["/login", "/static/app.css", "/static/app.js"])
def test_pages_and_files_travel_small_and_are_the_same_when_opened(app, path, coding):
    client = app.test_client()
    whole = client.get(path)
    small = client.get(path, headers={"Accept-Encoding": coding})
    assert small.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.data) < len(whole.data) / 2
    if path != "/login":  # whose token is new each time
        assert SMALL[coding](small.data) == whole.data
    assert b"<script" in SMALL[coding](small.data) or path != "/login"


def test_a_drawing_is_held_like_a_page_and_a_style_is_nothing_else(app):
    client = app.test_client()
    drawing, style = client.get("/static/favicon.svg"), client.get("/static/app.css")
    assert "default-src 'self'" in drawing.headers["Content-Security-Policy"]
    assert (
        drawing.headers["X-Content-Type-Options"]
        == style.headers["X-Content-Type-Options"]
        == "nosniff"
    )
    assert style.headers["Cache-Control"] == "max-age=3600, public"
    assert "Access-Control-Allow-Origin" not in style.headers


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/nothing.css"]
)
def test_nothing_but_the_files_is_served(app, path):
    assert app.test_client().get(path).status_code == 404
