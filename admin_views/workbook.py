"""The register on screen: upload, faults by cell with a marked copy, confirmation, progress, in (workbook.md)."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views import upload_job
from admin_views.base_view import ProjectView
from admin_views.upload_job import Job
from seed.workbook_template import write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = b"PK\x03\x04"


class WorkbookView(ProjectView):
    """登记簿导入."""

    icon = "file-import"
    permissions = dict.fromkeys(
        ("index", "upload", "job", "status", "confirm", "marked", "template"), "workbook.import"
    )

    def __init__(self, **kwargs: str) -> None:
        super().__init__(name=_l("登记簿导入"), category="month", **kwargs)

    def _job(self, token: str) -> Job:
        return upload_job.load(token, self.actor) or abort(404)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The upload."""
        return self.render("admin/workbook.html", job=None)

    @expose("/", methods=("POST",))
    def upload(self) -> ResponseReturnValue:
        """Keep the file and check it; nothing is written yet."""
        file = request.files.get("file")
        if file is None or not file.filename:
            flash(_("请先选择登记簿文件。"), "error")
            return redirect(url_for(".index"))
        if file.stream.read(4) != ZIP:
            flash(_("这不是 Excel 工作簿（.xlsx）。请用 Excel 另存为 .xlsx 再上传。"), "error")
            return redirect(url_for(".index"))
        file.stream.seek(0)
        job = upload_job.begin(file, self.actor, str(get_locale()))
        return redirect(url_for(".job", token=job.token))

    @expose("/<token>/")
    def job(self, token: str) -> ResponseReturnValue:
        """What was found, or how far it is."""
        return self.render("admin/workbook.html", job=self._job(token))

    @expose("/<token>/status")
    def status(self, token: str) -> ResponseReturnValue:
        """The part of the page that changes; once the work is over, the whole page is asked for anew."""
        job = self._job(token)
        if job.working:
            return self.render("admin/workbook_status.html", job=job)
        return Response(headers={"HX-Redirect": url_for(".job", token=token)})

    @expose("/<token>/confirm", methods=("POST",))
    def confirm(self, token: str) -> ResponseReturnValue:
        """Take in what was checked."""
        job = self._job(token)
        if job.state == "ready":
            upload_job.confirm(job, str(get_locale()))
        return redirect(url_for(".job", token=token))

    @expose("/<token>/marked.xlsx")
    def marked(self, token: str) -> ResponseReturnValue:
        """The copy with the faulty cells marked and commented."""
        job = self._job(token)
        path = upload_job.marked(job.token)
        if not path.exists():
            abort(404)
        name = _("已标错 %(name)s", name=job.file_name)
        return send_file(path, XLSX, as_attachment=True, download_name=name, max_age=0)

    @expose("/template.xlsx")
    def template(self) -> ResponseReturnValue:
        """An empty register with headings, drop-downs and notes."""
        with TemporaryDirectory() as place:
            path = Path(place) / "register.xlsx"
            write_template(path)
            content = io.BytesIO(path.read_bytes())
        name = _("空登记簿") + ".xlsx"
        return send_file(content, XLSX, as_attachment=True, download_name=name, max_age=0)
