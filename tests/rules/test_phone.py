"""Phone numbers of usual form are told from others."""

import pytest

from rules.phone import usual_phone


@pytest.mark.parametrize(
    "number",
    [
        "13800000001", "138 0000 0001", "138-0000-0001", "+86 13800000001", "8613800000001", "0371-65202001", "037165202001",
        "(0371)65202001", "010-8888 8888", "65202001", "0371-6520200", "6520200", "65202001-8001", "0371-65202001转8001",
        "0371-65202001 转 8001", "65202001#12", "400-810-8888", "4008108888", "800-810-8888", "10086", "95598", "12345",
        "13800000001、0371-65202001", "13800000001/13900000002",
    ],
)  # fmt: skip
def test_a_number_of_usual_form(number: str) -> None:
    assert usual_phone(number)


@pytest.mark.parametrize(
    "number",
    ["1234", "23800000001", "1380000000", "138000000011", "12800000001", "电话打不通", "0371", "65202001、无", "110#", "", "1.38E+10",
     "13800000001a", "4008"],
)  # fmt: skip
def test_a_number_of_unusual_form(number: str) -> None:
    assert not usual_phone(number)
