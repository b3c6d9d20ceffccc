"""The words of a film as somebody brings them: `reading` takes a WebVTT file, `cues` its parts."""
