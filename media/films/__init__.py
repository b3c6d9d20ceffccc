"""Films: what is made of one by ffmpeg, a program of its own.

`formats` reads first bytes, `finding` knows where ffmpeg is, `apart` runs it, `probing` asks it for
`facts`, `sizes` and `encoding` say what is made and how, `looking`, `renditions`, `stills` and
`moderating` are the jobs.
"""
