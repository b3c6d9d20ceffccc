"""A refusal for good that is of the recipient."""

from deferral.errors import Bury


class NotDeliverable(Bury):
    """Nobody can be mailed at this address, it was said: not now and not later.

    Dead, as any Bury, where it is not caught. Who mails an address that anybody may have typed in
    catches it: nobody of us can mend that, and anybody could write dead letters.
    """
