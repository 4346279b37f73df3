"""The clauses as the screens give them: both languages, every clause that the code cites."""

import re

import pytest
from flask_babel import force_locale

from admin_views.regulation import NAMES, UNITS, blanks, clause_of, clause_texts, shown_value
from rules.parameter import DEFINITIONS, Parameters

HAN = re.compile("[\u4e00-\u9fff]")
CITED = {definition.clause for definition in DEFINITIONS.values()}


def test_every_clause_of_pay_and_month_has_its_words_in_both_languages(app):
    texts = clause_texts()
    must = (
        [f"R7.{n}" for n in range(1, 10)]
        + [f"R8.{n}" for n in range(1, 8)]
        + [f"R9.{n}" for n in range(1, 9)]
    )
    assert [code for code in must if code not in texts] == []
    for text in texts.values():
        assert all(text.titles), text.code
        assert all(text.words), text.code
        assert not HAN.search(text.titles[1] + text.words[1]), text.code
        assert HAN.search(text.titles[0] + text.words[0]), text.code


def test_every_parameter_has_a_clause_here_and_a_name(app):
    assert set(clause_texts()) >= CITED
    assert set(NAMES) == set(DEFINITIONS)
    assert set(UNITS) <= set(DEFINITIONS)


def test_a_clause_speaks_the_readers_language(app):
    with app.test_request_context():
        assert clause_of("R8.5").title == "扣款上限"
        with force_locale("en"):
            assert clause_of("R8.5").title == "Cap"
        assert clause_of("R8.5").url == "/admin/regulation/R8.5"
        assert clause_of("R99").url is None


@pytest.mark.parametrize(
    ("code", "text", "shown"),
    [
        ("allowance_onsite", "30.00", "30.00"),
        ("credit_threshold", "5000.00", "5,000.00"),
        ("deduction_cap_rate", "0.2000", "20\u2009%"),
        ("deduction_rate_max", "1.0000", "100\u2009%"),
        ("parts_commission_rate", "0.3250", "32.5\u2009%"),
        ("overdue_months", "12", "12"),
        ("overdue_kinds", "parts_sale,software_service", "配件销售、软件服务"),
    ],
)
def test_values_are_printed_as_people_write_them(app, code, text, shown):
    assert shown_value(code, text) == shown


def test_a_clause_shows_the_values_of_the_version_asked_for(app):
    values = {code: definition.default for code, definition in DEFINITIONS.items()}
    found = blanks(Parameters({**values, "no_complaint_bonus": "320.00"}), "R7.4")
    assert [(b.name, b.value) for b in found] == [
        ("无投诉奖金", "320.00"),
        ("投诉处罚", "50.00"),
        ("投诉上限", "3"),
    ]


def test_nobody_reads_them_without_logging_in(app):
    assert app.test_client().get("/admin/regulation/R7.4").status_code == 302
