"""A noun's form: sections of fields, of which each writer gets those that his role may set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from werkzeug.datastructures import MultiDict
from wtforms import Form

from admin_views.noun.field import File, NounField, Pick

WAS = "was."
PICK = "pick."
OWN_NAMES = ("csrf_token", "row_version", "then", "next")


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields under a title, with a sentence that explains them at the left."""

    title: Any
    fields: Sequence[str]
    explanation: Any = ""


class NounForm(Form):
    """The base of all forms. `sections` order the fields; `only_new` are set at the making and never again."""

    sections: Sequence[Section] = ()
    only_new: Sequence[str] = ()

    @classmethod
    def opened(
        cls,
        data: Mapping[str, Any],
        *,
        posted: MultiDict[str, str] | None,
        may: Callable[[str], bool],
        lookup: Callable[[str, list[int]], Mapping[int, str]],
        new: bool,
    ) -> "NounForm":
        """The form for one writer, filled from a record and from what he posted; strangers are ignored and logged."""
        probe = cls()
        dropped = [
            field.name
            for field in probe
            if (field.verb and not may(field.verb)) or (not new and field.name in cls.only_new)
        ]
        shape = type(cls.__name__, (cls,), dict.fromkeys(dropped)) if dropped else cls
        form = shape(formdata=posted, data=dict(data))
        for field in form:
            if isinstance(field, Pick):
                field.lookup = lookup
        form._log_strangers(posted)
        return form

    def _log_strangers(self, posted: MultiDict[str, str] | None) -> None:
        names = {name.removeprefix(WAS).removeprefix(PICK) for name in posted or ()}
        strangers = sorted(names - set(self._fields) - set(OWN_NAMES))
        if strangers:
            current_app.logger.warning(
                "fields not to be set were posted and ignored: %r", strangers[:20]
            )

    @property
    def takes_files(self) -> bool:
        """Whether it has a field for a file."""
        return any(isinstance(field, File) for field in self)

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, by field."""
        return {name: field.data for name, field in self._fields.items()}

    def laid_out(self) -> list[tuple[Section, list[NounField]]]:
        """The sections with the fields that this writer has."""
        found = [
            (section, [self._fields[name] for name in section.fields if name in self._fields])
            for section in self.sections
        ]
        return [(section, fields) for section, fields in found if fields]

    def refuse(self, field: str | None, sentence: str) -> bool:
        """Put a workflow's refusal under the field that it is about; False if it is about none."""
        if field not in self._fields:
            return False
        self._fields[field].errors = [*self._fields[field].errors, sentence]
        return True
