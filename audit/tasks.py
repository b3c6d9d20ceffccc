"""What the workers do for this app. Limits in seconds."""

from audit import services
from audit.gateway import AUDIT_ARCHIVE
from deferral.policies import PATIENT
from deferral.tasks import current_job, deferred_task


@deferred_task(
    name="audit.file_entry",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=AUDIT_ARCHIVE,
)
def file_entry(*, entry_id: int) -> None:
    """File an entry at the archive. Exactly once there, as far as it honours our key."""
    services.file_entry(entry_id=entry_id, key=current_job().key)
