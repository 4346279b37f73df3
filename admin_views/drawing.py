"""What all templates can ask for: moments in Shanghai, telephone numbers in groups, values in words."""

from collections.abc import Callable, Hashable
from datetime import datetime
from decimal import Decimal

from babel.support import Translations
from flask import Flask, g, request
from flask_babel import Domain, get_locale

from admin_views import marks
from admin_views.noun.column import words
from admin_views.once import once
from rules.period import SHANGHAI


def percent(rate: Decimal) -> str:
    """A rate as people write it: 0.3 → 30 %, with a thin space."""
    return f"{(rate * 100).normalize():f}\u2009%"


class PageDomain(Domain):
    """The sentences of a page: in which language they are is found out once, not for each of its hundreds."""

    def get_translations(self) -> Translations:
        """The catalogue of the reader's language, kept where Flask-Babel's own `force_locale` puts it aside."""
        found: Translations | None = getattr(g.get("_flask_babel"), "babel_translations", None)
        if found is None:
            found = super().get_translations()
            g._flask_babel.babel_translations = found
        return found


def kept(*key: Hashable, caller: Callable[[], str]) -> str:
    """A part of a page that is the same for everybody of a language to whom its key applies: drawn once.

    `{% call kept('keys') %}…{% endcall %}`; whatever else the part says belongs into its key.
    """
    return once("parts", (str(get_locale()), request.script_root, *key), caller)


def register_drawing(app: Flask) -> None:
    """Put the filters and functions into the templates."""
    domain = PageDomain()
    app.extensions["babel"].instance.domain_instance = domain
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda one: domain.get_translations().gettext(one),
        lambda one, many, number: domain.get_translations().ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]

    @app.template_filter("shanghai")
    def shanghai(moment: datetime) -> datetime:
        return moment.astimezone(SHANGHAI)

    app.add_template_filter(marks.grouped, "phone")
    app.add_template_filter(words, "words")
    app.add_template_global(marks, "marks")
    app.add_template_global(zip, "zipped")
    app.add_template_global(kept)
