"""HTTP to a provider: under the deadline of whoever calls, and no more is read than it can say."""

from typing import Any

import requests

from deferral.external.sessions import Session

# Seconds to connect, and of silence. The whole has the deadline of whoever calls.
TIMEOUT = (3.05, 20)
MOST_READ = 65_536


class Bounded(Session):
    """Of an answer that has no end, its beginning: what cannot be understood then."""

    def request(self, *args: Any, **terms: Any) -> requests.Response:
        """As `requests` has it. RequestException also where the answer ends in its middle."""
        answer = super().request(*args, **{**terms, "stream": True})
        with answer:
            found = b""
            for part in answer.iter_content(MOST_READ):
                found += part
                if len(found) > MOST_READ:
                    break
        answer._content = found[:MOST_READ]  # noqa: SLF001 - what it would have read by itself
        return answer
