"""How loud a recording is from its beginning to its end. Nothing of Odoo."""

import io
import logging

import numpy
import soundfile

from .encoding import BLOCK, LENGTH

_logger = logging.getLogger(__name__)

# Parts of a recording; what is quieter than this is not made to look loud
PARTS, QUIET = 200, 0.05


def make_peaks(data: bytes, parts: int = PARTS) -> str | None:
    """Return the loudest of each part of a sound, two hexadecimal digits each.

    ``ff`` is the loudest of all. Read in pieces, so that an hour takes no more memory
    than a minute.

    :return: ``None`` where the sound cannot be read (AMR, M4A), or is too long
    """
    peaks = numpy.zeros(parts, "float32")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as source:
            frames, done = source.frames, 0
            if not 0 < frames <= LENGTH * source.samplerate:
                return None
            for block in source.blocks(BLOCK, dtype="float32", always_2d=True):
                loud = numpy.abs(block).max(axis=1)
                # Of each frame the part it lies in, and where a part begins
                part = (numpy.arange(done, done + len(loud)) * parts) // frames
                part = numpy.minimum(part, parts - 1)
                begins = numpy.flatnonzero(numpy.diff(part, prepend=-1))
                found = numpy.maximum.reduceat(loud, begins)
                numpy.maximum.at(peaks, part[begins], found)
                done += len(loud)
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        _logger.info("no waveform: %s", type(error).__name__)
        return None
    if not done:
        return None
    scale = 255 / max(float(peaks.max()), QUIET)
    return numpy.nan_to_num(peaks * scale).clip(0, 255).astype("uint8").tobytes().hex()
