"""Words: whatever others wrote or typed, made fit to be kept, shown and logged. No database."""
