"""As in the rest of the house."""
