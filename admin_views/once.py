"""What is the same for many requests, made once while the server runs."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Select

from models import db

Made = TypeVar("Made")
MOST = 1000


def written(query: Select[Any]) -> str:
    """A statement with its values written in (ids, codes, days: none that anybody typed): what every page asks would
    take longer to hand over, value by value, than to answer."""
    bind = db.session.get_bind()
    return str(query.compile(bind, compile_kwargs={"literal_binds": True}))


def once(store: str, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives, made for each key of a store once; a store that is full is begun anew.

    Whatever it depends on belongs into the key. Of two that make it at the same moment both get the same.
    """
    known: dict[Hashable, Any] = current_app.extensions.setdefault(f"once_{store}", {})
    found: Made | None = known.get(key)
    if found is None:
        if len(known) >= MOST:
            known.clear()
        found = known[key] = make()
    return found
