"""Scripts that run as processes of their own. Nothing here is imported by us, nor imports ours."""
