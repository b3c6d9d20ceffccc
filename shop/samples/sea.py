"""Three seconds of the sea, reckoned: noise that swells and ebbs, and for one product a foghorn."""

import io
import math
import random
import wave
from array import array
from sys import byteorder

SECONDS, RATE = 3, 8_000  # mono, 16 bit: 48 kB
LOUDEST = 32_767
# A foghorn: its tones in hertz, with the loudness of each. All repeat together 50 times a second.
HORN = ((100, 0.20), (150, 0.11), (200, 0.05))
PERIOD = RATE // 50
BLAST = [
    sum(loud * math.sin(math.tau * pitch * n / RATE) for pitch, loud in HORN) for n in range(PERIOD)
]
SILENCE = [0.0]
HORNS = {"DL-003": BLAST}


def recording(sku: str, seed: int) -> dict[str, bytes]:
    """One short track. The foghorn's has the horn in it."""
    return {"sample.wav": as_wave(sound(seed, HORNS.get(sku, SILENCE)))}


def sound(seed: int, horn: list[float]) -> list[float]:
    """The samples, each about between -1 and 1, with one period of the horn repeated behind."""
    random_ = random.Random(seed).random  # noqa: S311 - a sound, not a secret
    water, sound = 0.0, []
    for n in range(SECONDS * RATE):
        water += 0.18 * (random_() - 0.5 - 0.5 * water)  # a low-pass: surf is dark
        sound.append(1.6 * water + horn[n % len(horn)])
    return [loud * math.sin(math.pi * n / len(sound)) ** 2 for n, loud in enumerate(sound)]


def as_wave(sound: list[float]) -> bytes:
    """The sound as a WAV file."""
    samples = array("h", (round(max(-1.0, min(1.0, each)) * LOUDEST) for each in sound))
    if byteorder == "big":
        samples.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(2)
        track.setframerate(RATE)
        track.writeframes(samples.tobytes())
    return file.getvalue()
