"""`make chaos ARGS=media`: uploads in the storm, and each file of them is decoded afterwards."""
