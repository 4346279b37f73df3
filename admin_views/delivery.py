"""How answers travel: the screens' own files compressed at set-up, pages on their way out."""

from wsgiref.headers import Headers

from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise

from admin_views.security import HEADERS

KEPT = 3600  # seconds for which a browser does not ask for a file again


def register_delivery(app: Flask) -> None:
    """Compress pages, and serve the static files in front of the application."""
    app.config.update(
        COMPRESS_MIMETYPES=["text/html", "application/json"],
        COMPRESS_ALGORITHM=["br", "gzip"],
    )
    Compress(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        prefix=app.static_url_path,
        max_age=KEPT,
        add_headers_function=_guarded,
    )


def _guarded(headers: Headers, path: str, url: str) -> None:
    """Every file carries what every page carries."""
    for name, value in HEADERS.items():
        headers[name] = value
