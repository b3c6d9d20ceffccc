"""Where the web keeps a request's body, and Django its files, until they are answered."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from media.unfinished import unfinished

log = logging.getLogger(__name__)


@contextmanager
def spooled_on_disk() -> Iterator[None]:
    """This process's temporary files are in a folder on the volume of the data, gone afterwards.

    The system's own is memory in a container, and an upload is there twice. It is taken where that
    volume cannot be written to: the shop sells on.
    """
    with ExitStack() as stack:
        before = tempfile.tempdir
        try:
            tempfile.tempdir = str(stack.enter_context(unfinished("web")))
        except OSError as error:
            log.warning("uploads_in_the_systems_folder", extra={"reason": str(error)})
        try:
            yield
        finally:
            tempfile.tempdir = before
