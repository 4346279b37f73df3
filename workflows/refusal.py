"""How a workflow says no: a sentence for the user, with the clause it rests on."""

from collections.abc import Mapping


class Refused(Exception):
    """What was asked is not done; nothing was changed. `status` is the HTTP answer that fits.

    `field` names the field of a form that the sentence is about, where it is about one; `errors` are sentences by
    field where several are.
    """

    def __init__(
        self,
        sentence: str,
        *,
        clause: str | None = None,
        status: int = 409,
        field: str | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.clause = clause
        self.status = status
        self.field = field
        self.errors = dict(errors or {})


class Forbidden(Refused):
    """The actor may not do this (R10)."""

    def __init__(self, sentence: str, *, clause: str = "R10") -> None:
        super().__init__(sentence, clause=clause, status=403)


class Stale(Refused):
    """Someone else changed the record after the actor had opened it (I12)."""
