"""An address is refused with a sentence, or is mailed to exactly the domain that was typed."""

import pytest

from accounts.errors import NotAnAddress
from accounts.mailboxes import as_written, on_the_wire

TAKEN = {
    "ada@example.org": "ada@example.org",
    "ada@stra\u00dfe.example": "ada@xn--strae-oqa.example",
    "ada@xn--strae-oqa.example": "ada@xn--strae-oqa.example",
    "ada@o\u0308rg.example": "ada@xn--rg-eka.example",
    "Ada+x@EXAMPLE.org": "Ada+x@example.org",
    "ada@\u03b1\u03b2\u03b3.\u03b5\u03bb": "ada@xn--mxacd.xn--qxam",
    "ada@example\u3002com": "ada@example.com",
    "o'hara@example.org": "o'hara@example.org",
}
REFUSED = [
    "ada@example\u200f.com",
    "ada@exam\u200bple.com",
    "ada\u00ad@example.com",
    "\u202eada@example.com",
    "ada@example.com\r\nBcc: x@example.org",
    "ada@example.com\x00",
    "j\u00f6rg@example.com",
    "ada@\u2603.net",
    "ada@xn--a.example",
    "ada@[127.0.0.1]",
    "ada@127.0.0.1",
    "ada@localhost",
    "ada@example.com.",
    "ada@-a.com",
    "a..b@example.com",
    '"a b"@example.com',
    "ada(quay)@example.com",
    "Ada <ada@example.com>",
    "a@b@example.com",
    "ada\uff20example.com",
    "ada@ex ample.com",
    "a" * 65 + "@example.com",
    "ada@" + "\u00e4" * 60 + ".com",
    "ada@" + ".".join(["b" * 60] * 5) + ".com",
    "ada@\ud800.com",
    "",
]


@pytest.mark.parametrize(("typed", "sent"), TAKEN.items())
def test_what_is_taken_goes_to_the_domain_that_was_typed(typed: str, sent: str) -> None:
    assert on_the_wire(typed) == sent
    assert on_the_wire(sent) == sent
    assert on_the_wire(as_written(sent)) == sent


@pytest.mark.parametrize("typed", REFUSED)
def test_what_no_mail_could_reach_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(NotAnAddress) as caught:
        on_the_wire(typed)

    assert str(caught.value).endswith(".")


def test_people_read_it_as_they_write_it() -> None:
    assert as_written("ada@xn--strae-oqa.example") == "ada@stra\u00dfe.example"
    assert as_written("no address") == "no address"
