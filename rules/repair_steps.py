"""The steps of a repair by the maker (R5.3)."""

from enum import StrEnum

from rules.step import Step


class RepairState(StrEnum):
    """已申请, 已核质保, 厂商上门, 已报价, 客户已确认, 客户放弃, 已送修, 已修复, 无法修复, 已返还, 已关闭."""

    REQUESTED = "requested"
    CHECKED = "checked"
    MAKER_ONSITE = "maker_onsite"
    QUOTED = "quoted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SENT = "sent"
    REPAIRED = "repaired"
    IRREPARABLE = "irreparable"
    RETURNED = "returned"
    CLOSED = "closed"


class RepairVerb(StrEnum):
    """What can be done to a repair."""

    CHECK = "check"
    MAKER_COMES = "maker_comes"
    QUOTE = "quote"
    CONFIRM = "confirm"
    DECLINE = "decline"
    SEND = "send"
    REPAIR = "repair"
    GIVE_UP = "give_up"
    GIVE_BACK = "give_back"
    CLOSE = "close"


S, V = RepairState, RepairVerb
_WORK = "repair.handle"
REPAIR_STEPS: dict[tuple[RepairState, RepairVerb], Step[RepairState]] = {
    (S.REQUESTED, V.CHECK): Step(S.CHECKED, _WORK, "R5.1"),
    (S.CHECKED, V.MAKER_COMES): Step(S.MAKER_ONSITE, _WORK, "R5.1"),
    (S.CONFIRMED, V.MAKER_COMES): Step(S.MAKER_ONSITE, _WORK, "R5.2"),
    (S.CHECKED, V.QUOTE): Step(S.QUOTED, _WORK, "R5.2"),
    (S.QUOTED, V.CONFIRM): Step(S.CONFIRMED, _WORK, "R5.2"),
    (S.QUOTED, V.DECLINE): Step(S.DECLINED, _WORK, "R5.3"),
    (S.CHECKED, V.SEND): Step(S.SENT, _WORK, "R5.2"),
    (S.CONFIRMED, V.SEND): Step(S.SENT, _WORK, "R5.3"),
    (S.SENT, V.REPAIR): Step(S.REPAIRED, _WORK, "R5.3"),
    (S.MAKER_ONSITE, V.REPAIR): Step(S.REPAIRED, _WORK, "R5.3"),
    (S.SENT, V.GIVE_UP): Step(S.IRREPARABLE, _WORK, "R5.3"),
    (S.MAKER_ONSITE, V.GIVE_UP): Step(S.IRREPARABLE, _WORK, "R5.3"),
    (S.REPAIRED, V.GIVE_BACK): Step(S.RETURNED, _WORK, "R5.4"),
    (S.IRREPARABLE, V.GIVE_BACK): Step(S.RETURNED, _WORK, "R5.4"),
    (S.SENT, V.GIVE_BACK): Step(S.RETURNED, _WORK, "R5.4"),
    (S.RETURNED, V.CLOSE): Step(S.CLOSED, _WORK, "R5.3"),
    (S.DECLINED, V.CLOSE): Step(S.CLOSED, _WORK, "R5.3"),
}
