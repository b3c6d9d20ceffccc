"""Whoever means no good, or has a broken client."""
