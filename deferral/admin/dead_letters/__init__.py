"""Dead letters: by cause, to be replayed or discarded, one or a hundred at a time."""
