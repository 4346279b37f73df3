"""Software services outside warranty: approved before the customer is charged (R6.3)."""

from datetime import date

from rules.clause import implements


@implements("R6.3")
def charged_too_early(approved_on: date | None, charged_on: date | None) -> bool:
    """Whether the customer paid before the service was approved; on the same day is in order."""
    return charged_on is not None and (approved_on is None or charged_on < approved_on)
