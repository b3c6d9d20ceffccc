"""A customer asks for all that is kept of them, watches it being written, and fetches it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from deferral.ledger.progress import progress_of
from deferral.models import Job
from media.downloads import from_storage, hand_out
from media.verbs import Download
from reports.models import DataExport
from reports.my_data.asking import ask_for_my_data, job_of, latest, may_ask_again
from reports.my_data.keeping import file_of, until
from shop.fresh_login import freshly_logged_in, is_fresh, own_account


@never_cache
@own_account
def my_data(request: HttpRequest) -> HttpResponseBase:
    """How far it is. POST asks for it: answered at once, and the same one for a day."""
    if request.method == "POST":
        return _ask(request)
    return _shown(request)


@require_POST
@freshly_logged_in
def _ask(request: HttpRequest) -> HttpResponse:
    ask_for_my_data(user_id=_user(request).pk)
    return redirect("reports:my_data")


@require_safe
def _shown(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/my_data.html", _context(request))


@never_cache
@require_safe
@own_account
def status(request: HttpRequest) -> HttpResponseBase:
    """The live part of the page. 204 while it would look like version `v`."""
    context = _context(request)
    if request.GET.get("v", "") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "reports/_my_data_status.html", context)


@require_safe
@never_cache
@from_storage
@freshly_logged_in
def file(request: HttpRequest) -> HttpResponseBase:
    """The file, for the account that asked for it, and whoever has logged in to it of late."""
    found = file_of(latest(_user(request)))
    if found is None:
        raise Http404
    named = Download(
        filename=found.export.filename, content_type="application/zip", attachment=True
    )
    return hand_out(found, named)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the views are for whoever is logged in
    return request.user


def _context(request: HttpRequest) -> dict[str, object]:
    export = latest(_user(request))
    job = job_of(export) if export else None
    progress = progress_of(job) if job else None
    found = file_of(export)
    return {
        "export": export,
        "file": found,
        "until": until(export) if export else None,
        "fresh": is_fresh(request),
        "may_ask": export is None or may_ask_again(export),
        "step": progress.current if progress else None,
        "stuck": job is not None and job.state in {Job.State.DEAD, Job.State.DISCARDED},
        "version": _version(export, progress.version if progress else "", found is not None),
        "section": "account",
    }


def _version(export: DataExport | None, of_job: str, is_there: bool) -> str:  # noqa: FBT001
    return f"{export}-{of_job}-{is_there}" if export else ""
