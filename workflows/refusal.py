"""How a workflow says no: a sentence for the user, with the clause it rests on."""


class Refused(Exception):
    """What was asked is not done; nothing was changed. `status` is the HTTP answer that fits."""

    def __init__(self, sentence: str, *, clause: str | None = None, status: int = 409) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.clause = clause
        self.status = status


class Forbidden(Refused):
    """The actor may not do this (R10)."""

    def __init__(self, sentence: str, *, clause: str = "R10") -> None:
        super().__init__(sentence, clause=clause, status=403)
