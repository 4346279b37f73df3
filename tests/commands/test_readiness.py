"""The server starts with a real secret key and its own schema, or says what is missing."""

import stat

import pytest
from sqlalchemy import text

from app import create_app
from commands.readiness import demonstration_key, make_ready
from models import db
from workflows.demonstration import begin_demonstration
from workflows.refusal import Refused

STRONG = "3f9c1a7be2d84056b7c9e1f0a2d4856c"
WEAK = [
    pytest.param("", id="missing"),
    pytest.param("dev", id="a default"),
    pytest.param("change-me", id="a default to be changed"),
    pytest.param(STRONG[:31], id="31 characters"),
    pytest.param("abc" * 20, id="three letters over and over"),
]


@pytest.fixture
def made(database_uri, tmp_path):
    """Makes an application as a server would, on the migrated database."""
    apps = []

    def make(key):
        app = create_app({"SQLALCHEMY_DATABASE_URI": database_uri, "SECRET_KEY": key})
        app.instance_path = str(tmp_path)
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("key", WEAK)
def test_a_weak_key_is_refused_in_a_sentence_that_says_what_to_do(made, key):
    app = made(key)
    with app.app_context(), pytest.raises(Refused, match="token_hex"):
        make_ready(app)


@pytest.mark.parametrize("key", WEAK)
def test_the_serve_command_ends_with_that_sentence(made, key):
    ended = made(key).test_cli_runner().invoke(args=["serve"])
    assert ended.exit_code == 1
    assert "SECRET_KEY" in ended.stderr


def test_thirty_two_characters_are_enough(made):
    app = made(STRONG)
    with app.app_context():
        make_ready(app)
    assert app.test_client().get("/login").status_code == 200
    assert app.config["SECRET_KEY"] == STRONG


def test_any_other_server_answers_503_until_the_key_is_right(made):
    app = made("dev")
    for path in ("/login", "/static/app.css"):
        answer = app.test_client().get(path)
        assert answer.status_code == 503
        assert "SECRET_KEY" in answer.text


def test_a_demonstration_needs_no_key_and_keeps_its_own_over_a_restart(made, tmp_path):
    app = made("")
    with app.app_context():
        begin_demonstration({})
        make_ready(app)
    again = made("")
    with again.app_context():
        make_ready(again)
    assert app.config["SECRET_KEY"] == again.config["SECRET_KEY"]
    assert len(app.config["SECRET_KEY"]) == 64
    assert stat.S_IMODE((tmp_path / "demonstration.key").stat().st_mode) == 0o600


def test_a_key_that_was_given_goes_before_that_of_the_demonstration(made, tmp_path):
    app = made(STRONG)
    with app.app_context():
        begin_demonstration({})
        make_ready(app)
    assert app.config["SECRET_KEY"] == STRONG
    assert not (tmp_path / "demonstration.key").exists()


def test_the_key_of_a_demonstration_opens_no_other_company(made, tmp_path):
    demonstration_key(tmp_path)
    app = made("")
    with app.app_context(), pytest.raises(Refused):
        make_ready(app)


@pytest.mark.parametrize(
    ("revision", "says"),
    [
        pytest.param(None, "db upgrade", id="no schema"),
        pytest.param("20261124a", "db upgrade", id="an older schema"),
        pytest.param("29990101_future", "更新的程序", id="a newer program's schema"),
    ],
)
def test_another_schema_is_refused(made, revision, says):
    app = made(STRONG)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            if revision:
                insert = text("INSERT INTO alembic_version VALUES (:revision)")
                connection.execute(insert, {"revision": revision})
        with pytest.raises(Refused, match=says):
            make_ready(app)


def test_the_command_line_works_without_a_key(made):
    made_one = made("").test_cli_runner().invoke(args=["users", "create", "lin", "--role", "clerk"])
    assert made_one.exit_code == 0
