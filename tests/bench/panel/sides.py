"""Each side answers the tasks in a process of its own, one at a time, and says how long it took."""

import re
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import cache
from html import unescape

from app import create_app
from commands.serve import settle_memory
from models import db
from models.engine import map_file
from tests.bench.panel.records import PASSWORD, READER
from tests.bench.panel.tasks import TASKS, Task
from tests.bench.plain_rows import connect
from workflows.search import merge_parts
from workflows.transaction import writing

Ask = Callable[[Task, int], int]


def ours(uri: str) -> Ask:
    """The product, asked by somebody who sees everything."""
    key = secrets.token_hex(32)
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri, "SECRET_KEY": key, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        with writing():  # both as our server does
            merge_parts()
        map_file(db.engine)
    client = app.test_client()
    form = {"username": READER, "password": PASSWORD}
    if client.post("/login", data=form).status_code != 302:
        raise RuntimeError("the reader should be let in")

    @cache
    def address(task: Task, count: int) -> str:
        if not task.turned:
            return task.ours(count)
        page = client.get(task.ours(count)).get_data(as_text=True)
        arrow = re.search(r'rel="next" href="([^"]*)"', page)
        if arrow is None:
            raise RuntimeError(f"{task.name}: the page before it leads nowhere")
        return "/admin/ticket/" + unescape(arrow[1])

    def ask(task: Task, count: int) -> int:
        if task.columns:
            answer = client.post(task.ours(count), data={"column": list(task.columns)})
        else:
            answer = client.get(address(task, count))
        return answer.status_code if answer.status_code != 200 else -len(answer.get_data())

    return ask


def django(uri: str) -> Ask:
    """Django's admin, asked by its superuser."""
    from tests.bench.panel.django_side import client_on

    client = client_on(uri)

    def ask(task: Task, count: int) -> int:
        answer = client.get(task.django(count))
        if answer.status_code != 200:
            return int(answer.status_code)
        return -len(b"".join(answer.streaming_content) if answer.streaming else answer.content)

    return ask


def bare(uri: str) -> Ask:
    """The database through its driver."""
    connection = connect(uri)

    def ask(task: Task, count: int) -> int:
        with closing(connection.cursor()) as cursor:
            return -len(cursor.execute(task.sql(count)).fetchall())

    return ask


SIDES: dict[str, Callable[[str], Ask]] = {"ours": ours, "django": django, "bare": bare}


def answer(side: str, uri: str, count: int) -> None:
    """Say that it is ready, then do the tasks whose places in TASKS come in, one a line; after each, how many seconds it took."""
    ask = SIDES[side](uri)
    ask(TASKS[0], count)
    settle_memory()  # as our server does; Django's gets it too
    print("ready", flush=True)
    for line in sys.stdin:
        task = TASKS[int(line)]
        start = time.perf_counter()
        size = ask(task, count)
        seconds = time.perf_counter() - start
        if size >= 0:
            raise RuntimeError(f"{side}, {task.name}: answered {size}")
        print(seconds, flush=True)


if __name__ == "__main__":
    side, uri, count = sys.argv[1:]
    answer(side, uri, int(count))
