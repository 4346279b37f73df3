"""Refusals and errors as pages: what did not happen and what to do; never a stack trace."""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from admin_views.page import Clause, ErrorPage
from models import db
from workflows.refusal import Refused


def _page(
    status: int, sentence: str | None = None, clause: str | None = None
) -> ResponseReturnValue:
    of = Clause(clause) if clause else None
    return render_template(
        "admin/error.html", page=ErrorPage(status, sentence, of, home_url="/")
    ), status


def register_errors(app: Flask) -> None:
    """Answer every kind of failure with its page."""

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        return _page(error.status, error.sentence, error.clause)

    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> ResponseReturnValue:
        return _page(400)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        if error.code is not None and 300 <= error.code < 400:
            return error.get_response()
        return _page(error.code or InternalServerError.code)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        app.logger.exception("request failed")
        db.session.rollback()
        return _page(InternalServerError.code)
