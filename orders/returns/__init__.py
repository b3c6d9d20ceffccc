"""Sending goods back: asked for by the customer, decided by staff, paid once it has arrived."""
