"""How the desk writes times: to the second, in 24 hours."""
