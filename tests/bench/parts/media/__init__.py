"""Pictures and films: what a worker takes for them, beside the programs alone."""
