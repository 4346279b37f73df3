"""Fails when the models and the migrations say different things."""

import tempfile
from pathlib import Path

from flask_migrate import check, upgrade

from app import create_app

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        uri = f"sqlite:///{Path(folder) / 'drift.sqlite'}"
        with create_app({"SQLALCHEMY_DATABASE_URI": uri}).app_context():
            upgrade()
            check()
