"""How large an upload may be: asked before anything is made of it."""

MEGABYTE = 1_000_000
# Bytes, by kind of asset. A photo of 40 megapixels has some 20 MB; ten minutes of 4K from a phone
# have 2 GB.
MOST_BYTES = {
    "picture": 32 * MEGABYTE,
    "film": 2_000 * MEGABYTE,
}
# Seconds of a film.
LONGEST = 600
# Bytes a second: of a bucket that is slower than that, no file is waited for.
SLOWEST = 100_000
# Pixels of a picture: decoded, each is three or four bytes. And of its longer side, which WebP has
# at most 16,383 of.
MOST_PIXELS, LONGEST_SIDE = 40_000_000, 16_000
# A progressive JPEG has about ten; each is a pass over the whole picture, and costs a file that is
# built to be slow twenty bytes.
MOST_SCANS = 100
