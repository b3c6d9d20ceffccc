"""A refusal for good that is of the recipient."""

from deferral.errors import Bury


class NotDeliverable(Bury):
    """Nobody can be mailed at this address, it was said: not now and not later.

    Dead, as any Bury, where it is not caught. Who mails an address that a stranger has typed in
    catches it: nobody of us can mend that, and strangers would write dead letters.
    """
