"""Jobs: the list, the page of one, and how long each task takes."""
