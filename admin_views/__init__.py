"""What people see: the screens, their templates, styles and translations."""

from flask import Flask

from admin_views.delivery import register_delivery
from admin_views.drawing import register_drawing
from admin_views.errors import register_errors
from admin_views.login import register_login
from admin_views.panel import register_panel
from admin_views.security import register_security
from admin_views.shell import register_shell


def register_screens(app: Flask) -> None:
    """Put the panel, the log-in and what protects them on the application."""
    register_security(app)
    register_login(app)
    register_shell(app)
    register_drawing(app)
    register_panel(app)
    register_errors(app)
    register_delivery(app)
