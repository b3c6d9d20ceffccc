"""As in the rest of the admin."""
