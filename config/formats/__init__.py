"""How the admin writes times: to the second, in 24 hours."""
