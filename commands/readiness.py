"""Whether the server may answer: a secret key that is one, and a schema that is this program's own."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from models import db
from workflows.demonstration import in_demonstration
from workflows.refusal import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SHORTEST_KEY = 32
FEWEST_LETTERS = 8


def weak(key: str) -> bool:
    """Whether a key is missing, short, or a few letters over and over."""
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS


def make_ready(app: Flask) -> None:
    """Refuse to serve on another schema or with a weak key; a demonstration may use a key of its own."""
    _check_schema(app)
    if not weak(app.config["SECRET_KEY"]):
        return
    if not in_demonstration():
        raise Refused(
            _(
                "环境变量 SECRET_KEY 缺失或太弱：至少 %(length)s 个随机字符，否则登录可被伪造。"
                '请用 python3 -c "import secrets; print(secrets.token_hex(32))" 生成一个，妥善保存，启动时设为 SECRET_KEY。',
                length=SHORTEST_KEY,
            ),
            status=503,
        )
    app.config["SECRET_KEY"] = demonstration_key(Path(app.instance_path))


def demonstration_key(folder: Path) -> str:
    """The random key that demonstrations on this machine share, made on first use; sessions survive a restart."""
    path = folder / "demonstration.key"
    if not path.exists():
        draft = folder / f"demonstration.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(SHORTEST_KEY), encoding="ascii")
        with suppress(FileExistsError):  # another process was faster: its key is the one
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii")


def _check_schema(app: Flask) -> None:
    script = ScriptDirectory(app.extensions["migrate"].directory)
    try:
        with db.engine.connect() as connection:
            here = set(MigrationContext.configure(connection).get_current_heads())
    except OperationalError:
        raise Refused(
            _("连不上数据库。请检查 DATABASE_URL，并确认数据库已启动。"), status=503
        ) from None
    wanted = set(script.get_heads())
    if here == wanted:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if here <= known:
        sentence = _("数据库的结构比程序旧。请先备份，再运行 flask --app app db upgrade。")
    else:
        sentence = _(
            "数据库的结构来自更新的程序。请换用那个版本的程序，或换一个数据库（DATABASE_URL）。"
        )
    raise Refused(sentence, status=503)


def register_readiness(app: Flask) -> None:
    """Let no server of whatever kind answer before it may, not even with a style; tests answer for themselves.

    To be called last: what serves files in front of the application stands behind it.
    """
    if app.testing:
        app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or secrets.token_hex(SHORTEST_KEY)
        return
    answer, ready = app.wsgi_app, False

    def when_ready(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        nonlocal ready
        if not ready:
            with app.request_context(environ):
                try:
                    make_ready(app)
                except Refused as refused:
                    told = Response(refused.sentence, refused.status, mimetype="text/plain")
                    return told(environ, start)
            ready = True
        return answer(environ, start)

    app.wsgi_app = when_ready  # type: ignore[method-assign]
