"""What a page costs on the line: the first at most 80 kB, each later one at most 8 kB, as the browser receives them."""

import pytest

from tests.browser.story import play_sample

FIRST, LATER = 80_000, 8_000
LISTS = (
    "/admin/ticket/",
    "/admin/customer/",
    "/admin/settlement/",
    "/admin/overdue/",
    "/admin/receivable/",
    "/admin/",
)


class Line:
    """Counts the bytes that a page's browser receives, heads included, as its own network panel does."""

    def __init__(self, page):
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event):
        self.bytes += event["encodedDataLength"]

    def cost(self, page, path):
        """The bytes of one page with all that it loads."""
        self.bytes = 0
        page.goto(path, wait_until="networkidle")
        return self.bytes


@pytest.mark.parametrize("role", ["clerk", "leader"])
def test_the_first_page_is_light_and_the_later_ones_are_lighter(app, enter, stranger, role):
    play_sample()
    at_work = enter(role).context.cookies()
    page = stranger()  # nothing in its cache yet
    page.context.add_cookies(at_work)
    line = Line(page)
    first = line.cost(page, LISTS[0])
    assert 10_000 < first <= FIRST
    later = {path: line.cost(page, path) for path in (*LISTS[1:], LISTS[0])}
    assert all(later.values())
    assert max(later.values()) <= LATER, later
