"""Files: whole or not there, named by what is in them. Knows no product and no order."""
