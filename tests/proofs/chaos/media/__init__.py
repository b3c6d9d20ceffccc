"""`make chaos ARGS=media`: uploads in the storm, and each file of them is decoded afterwards."""

from tests.proofs.chaos.media.part import run

__all__ = ["run"]
