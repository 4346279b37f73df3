"""The one class under every noun's screens (CONTRIBUTING.md, "A new noun on screen")."""

from admin_views.noun.export import ExportPages
from admin_views.noun.form_page import FormPages
from admin_views.noun.list_page import ListPages
from admin_views.noun.lookup import LookupPages
from admin_views.noun.step_page import StepPages


class NounView(FormPages, StepPages, ListPages, LookupPages, ExportPages):
    """A noun on screen: a list, a page per record, a form, a look-up, an export, steps and bulk actions."""
