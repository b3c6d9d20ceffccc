"""How a file that is too large for one request gets here: in parts, or straight into a bucket."""
