"""Switches off one mechanism at a time, and demands that a test notices. See `catalogue`."""
