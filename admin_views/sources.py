"""Where the source of a line or of a mismatch has its page: one place that every screen asks."""

from flask import current_app, url_for

# Kind of line (rules.settlement.LineKind) or of mismatch (workflows.mismatch) → endpoint and its argument.
PAGES: dict[str, tuple[str, str]] = {}


def source_url(kind: str, source: str, source_id: int | None = None) -> str | None:
    """The address of a source's page; None while it has none."""
    endpoint, argument = PAGES.get(kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **{argument: source_id if argument == "id" else source})
