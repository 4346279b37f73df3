"""Wires settings, extensions, screens and command line together; no logic."""

from collections.abc import Mapping
from pathlib import Path

from environs import Env
from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_migrate import Migrate

from admin_views import register_screens
from commands import register_commands
from commands.readiness import register_readiness
from models import db
from models.engine import prepare
from workflows.transaction import WRITE

ROOT = Path(__file__).parent


def read_settings(instance: Path) -> dict[str, object]:
    """Settings from the environment, with defaults that fit one machine."""
    env = Env()
    return {
        "SQLALCHEMY_DATABASE_URI": env.str(
            "DATABASE_URL", f"sqlite:///{instance / 'aftercare.sqlite'}"
        ),
        "SECRET_KEY": env.str("SECRET_KEY", ""),
        "BABEL_DEFAULT_LOCALE": env.str("AFTERCARE_LANGUAGE", "zh_Hans_CN"),
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "admin_views" / "translations"),
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "ATTACHMENTS": env.str("ATTACHMENTS", str(instance / "attachments")),
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
    }


def chosen_language() -> str | None:
    """The language that the reader chose, if it is one of ours; None outside a request."""
    chosen = request.cookies.get("language") if has_request_context() else None
    return chosen if chosen in ("zh_Hans_CN", "en") else None


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """The application; `settings` override what the environment says."""
    app = Flask(
        __name__,
        instance_path=str(ROOT / "instance"),
        static_folder="admin_views/static",
        static_url_path="/static",
        template_folder="admin_views/templates",
    )
    Path(app.instance_path).mkdir(exist_ok=True)
    app.config.from_mapping(read_settings(Path(app.instance_path)))
    app.config.from_mapping(settings or {})
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    Babel(app, locale_selector=chosen_language)
    with app.app_context():
        prepare(db.engine, WRITE)
    register_commands(app)
    register_screens(app)
    register_readiness(app)
    return app
