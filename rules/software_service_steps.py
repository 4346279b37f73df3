"""The steps of a paid software service: reported and approved before the customer is charged (R6.3)."""

from enum import StrEnum

from rules.step import Step


class ServiceState(StrEnum):
    """待审批, 已退回, 已批准, 已完成, 已取消."""

    REPORTED = "reported"
    REFUSED = "refused"
    APPROVED = "approved"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ServiceVerb(StrEnum):
    """What can be done to a software service."""

    CHANGE = "change"
    APPROVE = "approve"
    REFUSE = "refuse"
    COMPLETE = "complete"
    CANCEL = "cancel"


S, V = ServiceState, ServiceVerb
SERVICE_STEPS: dict[tuple[ServiceState, ServiceVerb], Step[ServiceState]] = {
    (S.REPORTED, V.CHANGE): Step(S.REPORTED, "software_service.change", "R6.3"),
    (S.REFUSED, V.CHANGE): Step(S.REPORTED, "software_service.change", "R6.3"),
    (S.REPORTED, V.APPROVE): Step(S.APPROVED, "software_service.approve", "R6.3"),
    (S.REPORTED, V.REFUSE): Step(S.REFUSED, "software_service.approve", "R6.3"),
    (S.APPROVED, V.COMPLETE): Step(S.COMPLETED, "software_service.complete", "R6.4"),
    **{
        (state, V.CANCEL): Step(S.CANCELLED, "software_service.cancel", "R6.3")
        for state in (S.REPORTED, S.REFUSED, S.APPROVED)
    },
}
