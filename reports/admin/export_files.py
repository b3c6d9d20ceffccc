"""The file of an export, for who may have it; and what may be done with one now."""

from collections.abc import Iterator

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from deferral.admin.kit.decisions import Decision
from deferral.admin.kit.live_progress import Action
from media.downloads import from_storage, hand_out
from media.verbs import Download
from reports.exports.catalogue import DATASETS
from reports.exports.choosing import EXPORT, may_export
from reports.exports.keeping import is_kept, whole_of, withdraw_export
from reports.models import Export

log = structlog.get_logger(__name__)

TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    # A file, and no encoding of one: a browser keeps it compressed.
    Export.Format.CSV_GZ: "application/gzip",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Format.PDF: "application/pdf",
}
WITHDRAW = Decision(
    verb="Withdraw",
    consequence="If it is still being written, that ends. Its file cannot be fetched from now on, "
    "and is deleted tonight: this cannot be undone.",
    done="is withdrawn.",
    service=withdraw_export,
    may=lambda request: request.user.has_perm(EXPORT),
    allowed=is_kept,
)


def actions(request: HttpRequest, export: Export) -> Iterator[Action]:
    """The links beside its bars."""
    whole = whole_of(export)
    if whole and is_kept(export):
        address = reverse("admin:reports_export_file", args=[export.pk])
        yield Action(label=f"Download {filesizeformat(whole.size)}", address=address)
    if WITHDRAW.may(request) and WITHDRAW.allowed(export):
        address = reverse("admin:reports_export_decide", args=[export.pk, "withdraw"])
        yield Action(label="Withdraw…", address=address)


@from_storage
def file_of(request: HttpRequest, export: Export) -> HttpResponseBase:
    """To be saved. 404 when it is not there; 403 for who may not see its rows any more."""
    dataset, whole = DATASETS.get(export.dataset), whole_of(export)
    if dataset is None or whole is None or not is_kept(export):
        raise Http404
    if not may_export(request.user, dataset):
        raise PermissionDenied
    log.info("export_fetched", export=export.key, by=request.user.get_username())
    kind = TYPES[Export.Format(export.format)]
    return hand_out(whole, Download(filename=export.filename, content_type=kind, attachment=True))
