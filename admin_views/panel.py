"""The panel: Flask-Admin with our own templates, and nothing of its bundle."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_views.account import AccountView
from admin_views.approval import ApprovalView
from admin_views.attachment import AttachmentView
from admin_views.audit import AuditView
from admin_views.base_pay import BasePayView
from admin_views.calendar_day import CalendarView
from admin_views.call_back import CallBackView
from admin_views.complaint import ComplaintView
from admin_views.contact import ContactView
from admin_views.correction import CorrectionView
from admin_views.customer import CustomerView
from admin_views.device import DeviceView, MakerView
from admin_views.employee import EmployeeView
from admin_views.expense import ExpenseView
from admin_views.feedback_form import FormView
from admin_views.home import HomeView
from admin_views.overdue import OverdueView
from admin_views.parameter import ParameterView
from admin_views.parts_sale import PartsSaleView
from admin_views.private_charge_case import PrivateChargeView
from admin_views.profile import ProfileView
from admin_views.project import CustomerProjectView, ServicePlanView
from admin_views.receivable import InvoiceView, PaymentView, ReceivableView
from admin_views.regulation import RegulationView, register_regulation
from admin_views.repair import RepairView
from admin_views.search import SearchView
from admin_views.settlement import SettlementView
from admin_views.site import SiteView
from admin_views.software_service import SoftwareServiceView
from admin_views.sources import SourceView
from admin_views.ticket import TicketView
from admin_views.visit import VisitView
from admin_views.workbook import WorkbookView

NOUNS = (
    TicketView,
    VisitView,
    FormView,
    CallBackView,
    ComplaintView,
    AuditView,
    AttachmentView,
    CustomerView,
    SiteView,
    ContactView,
    CustomerProjectView,
    DeviceView,
    MakerView,
    PartsSaleView,
    SoftwareServiceView,
    RepairView,
    ExpenseView,
    ReceivableView,
    PaymentView,
    InvoiceView,
    ServicePlanView,
    EmployeeView,
    BasePayView,
    CorrectionView,
    PrivateChargeView,
    CalendarView,
    AccountView,
)


def register_panel(app: Flask) -> None:
    """Put the screens on the application."""
    admin = Admin(app, name="Aftercare", index_view=HomeView())
    admin.base_template = "admin/base.html"
    admin.add_view(SearchView(endpoint="search", url="/admin/search"))
    admin.add_view(ProfileView(endpoint="profile", url="/admin/profile"))
    admin.add_view(ApprovalView(endpoint="approval", url="/admin/approval"))
    admin.add_view(SettlementView(endpoint="settlement", url="/admin/settlement"))
    admin.add_view(OverdueView(endpoint="overdue", url="/admin/overdue"))
    admin.add_view(ParameterView(endpoint="parameter", url="/admin/parameter"))
    admin.add_view(WorkbookView(endpoint="workbook", url="/admin/workbook"))
    admin.add_view(RegulationView(endpoint="regulation", url="/admin/regulation"))
    admin.add_view(SourceView())
    for noun in NOUNS:
        admin.add_view(noun())
    register_regulation(app)

    @app.get("/")
    def root() -> ResponseReturnValue:
        return redirect(url_for("admin.index"))
