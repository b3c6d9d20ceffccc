"""What ffmpeg's end says of a film, and what it does not."""

import errno

from media.films.apart import NOT_BEGUN
from media.films.errors import ProgramFailed
from media.films.facts import WIDEST

# Exit codes that say nothing of the film: it was asked to end; or a system call failed, whose
# number ffmpeg ends with.
ASKED_TO_END = 255
OF_THE_MACHINE = (errno.ENOMEM, errno.EIO, errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.EAGAIN)
NOT_OF_THE_FILM = {NOT_BEGUN, ASKED_TO_END, *(256 - number for number in OF_THE_MACHINE)}
NO_PICTURE = "There is no film in this file."
TOO_LARGE = f"The film's picture is too large: at most {WIDEST} by {WIDEST} pixels are taken."
# What ffmpeg says, and what that means to a person.
SAID = (
    ("exceeds specified max pixel count", TOO_LARGE),
    ("matches no streams", NO_PICTURE),
    ("moov atom not found", "The file is not whole, or no film. Send it again."),
    ("End of file", "The file is not whole. Send it again."),
)


def in_words(error: ProgramFailed) -> str:
    """What is wrong with the film, for whoever sent it."""
    known = (sentence for words, sentence in SAID if words in error.words)
    return next(known, "The film cannot be read: it is damaged, or of a kind that is not taken.")
