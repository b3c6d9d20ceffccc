"""The ways in which external services misbehave, and who can in which."""

from enum import StrEnum


class Mode(StrEnum):
    """Ways to misbehave. See MEANINGS for what each does to one request."""

    OK = "ok"
    UNAVAILABLE = "503"
    BROKEN = "500"
    BAD_REQUEST = "400"
    GONE = "410"
    SLOW = "slow"
    HANG = "hang"
    RESET = "reset"
    LOST_REPLY = "lost-reply"
    # Of the payment provider alone.
    REFUND_FAILS = "refund-fails"
    REFUND_PENDING = "refund-pending"
    REFUND_PENDING_FAILS = "refund-pending-fails"
    REFUND_COMES_BACK = "refund-comes-back"
    # Of the AI service and of who sends SMS.
    TOO_MANY = "429"
    ERROR_AS_SUCCESS = "200-error"
    GARBAGE = "garbage"
    CUT = "cut"
    DECLINES = "declines"
    UNKNOWN_NUMBER = "unknown-number"
    NO_CREDIT = "no-credit"
    # Of the suppliers that carry things.
    NOTICES_SILENT = "notices-silent"
    NOTICES_NEVER = "notices-never"
    NOTICES_TWICE = "notices-twice"
    NOTICES_DISORDERED = "notices-disordered"
    NOTICES_FORGED = "notices-forged"
    NOTICES_FOREIGN = "notices-foreign"


REFUSALS = {Mode.UNAVAILABLE: 503, Mode.BROKEN: 500, Mode.BAD_REQUEST: 400, Mode.GONE: 410}
MEANINGS = {
    Mode.OK: "behaves",
    Mode.UNAVAILABLE: "answers 503 (mail: 451): come again",
    Mode.BROKEN: "answers 500 (mail: 451); a payment's key is answered so for ever",
    Mode.BAD_REQUEST: "answers 400 (mail: 550): never come again with this",
    Mode.GONE: "answers 410 (mail: 550): the address is gone",
    Mode.SLOW: "takes 5 s more, then accepts",
    Mode.HANG: "never answers, accepts nothing",
    Mode.RESET: "drops the connection, accepts nothing",
    Mode.LOST_REPLY: "accepts, then drops the connection",
    Mode.REFUND_FAILS: "answers 200 to a refund, whose status is failed",
    Mode.REFUND_PENDING: "takes a refund on as pending; a little later it succeeds",
    Mode.REFUND_PENDING_FAILS: "takes a refund on as pending; a little later it fails",
    Mode.REFUND_COMES_BACK: "says that a refund succeeded; a little later it fails",
    Mode.TOO_MANY: "answers 429: come again in 20 s",
    Mode.ERROR_AS_SUCCESS: "answers 200, and an error in it",
    Mode.GARBAGE: "answers 200, and a page of HTML",
    Mode.CUT: "answers half of it: its tokens are used up",
    Mode.DECLINES: "answers that it does not want to",
    Mode.UNKNOWN_NUMBER: "answers 200: there is no such number",
    Mode.NO_CREDIT: "answers 200: nothing is paid for any more",
    Mode.NOTICES_SILENT: "accepts, tells nothing of its parcels, answers when asked",
    Mode.NOTICES_NEVER: "accepts, sends nothing, knows of nothing when asked",
    Mode.NOTICES_TWICE: "tells everything of its parcels twice",
    Mode.NOTICES_DISORDERED: "tells that a parcel arrived first, that it was announced last",
    Mode.NOTICES_FORGED: "signs what it tells with another's secret",
    Mode.NOTICES_FOREIGN: "tells of parcels for an order that is not the shop's",
}
CARRIERS = frozenset({"print-room", "warehouse"})
# What only some external services can do.
_OF_SOME = {
    "payment": frozenset(mode for mode in Mode if mode.startswith("refund-")),
    "ai": frozenset({Mode.TOO_MANY, Mode.ERROR_AS_SUCCESS, Mode.GARBAGE, Mode.CUT, Mode.DECLINES}),
    "sms": frozenset(
        {
            Mode.TOO_MANY,
            Mode.ERROR_AS_SUCCESS,
            Mode.GARBAGE,
            Mode.UNKNOWN_NUMBER,
            Mode.NO_CREDIT,
        }
    ),
    **dict.fromkeys(CARRIERS, frozenset(mode for mode in Mode if mode.startswith("notices-"))),
}
_OF_ALL = frozenset(Mode).difference(*_OF_SOME.values())

# The same on a button.
HINTS = {
    Mode.OK: "behaves",
    Mode.UNAVAILABLE: "not now",
    Mode.BROKEN: "breaks",
    Mode.BAD_REQUEST: "refuses it",
    Mode.GONE: "is gone",
    Mode.SLOW: "5 s more",
    Mode.HANG: "no answer",
    Mode.RESET: "hangs up",
    Mode.LOST_REPLY: "takes it, hangs up",
    Mode.REFUND_FAILS: "fails at once",
    Mode.REFUND_PENDING: "takes a while",
    Mode.REFUND_PENDING_FAILS: "fails after all",
    Mode.REFUND_COMES_BACK: "done, then failed",
    Mode.TOO_MANY: "in 20 s",
    Mode.ERROR_AS_SUCCESS: "fails with 200",
    Mode.GARBAGE: "sends HTML",
    Mode.CUT: "half of it",
    Mode.DECLINES: "will not",
    Mode.UNKNOWN_NUMBER: "nobody has it",
    Mode.NO_CREDIT: "is not paid",
    Mode.NOTICES_SILENT: "asked only",
    Mode.NOTICES_NEVER: "nothing sent",
    Mode.NOTICES_TWICE: "each twice",
    Mode.NOTICES_DISORDERED: "last first",
    Mode.NOTICES_FORGED: "wrong secret",
    Mode.NOTICES_FOREIGN: "another's order",
}


def modes_of(service: str) -> list[Mode]:
    """The ways in which this one can misbehave."""
    own = _OF_SOME.get(service, frozenset())
    return [mode for mode in Mode if mode in _OF_ALL or mode in own]
