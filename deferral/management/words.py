"""What a person types after a command."""

import argparse


def word(text: str) -> str:
    """The text as it is, when it could be the name of anything: PostgreSQL stores no NUL."""
    if "\0" in text:
        raise argparse.ArgumentTypeError("a NUL is part of no name")
    return text
