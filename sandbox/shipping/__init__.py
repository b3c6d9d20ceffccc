"""What suppliers do after they have accepted: they pack, send, and tell of it, seconds later."""
