"""PNG as a browser writes it, decoded to pixels."""

from __future__ import annotations

import struct
import zlib

import numpy as np


def pixels(data: bytes) -> np.ndarray:
    """Pixels (height, width, 3 or 4) uint8 of an 8-bit RGB(A) PNG (W3C PNG, 9: filtering)."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, packed, size = 8, b"", (0, 0, 0, 0)
    while at < len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IHDR":
            size = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
    width, height, depth, colour = size
    assert (depth, colour) in ((8, 2), (8, 6))
    bytes_each = 4 if colour == 6 else 3
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * bytes_each)
    out = np.zeros((height + 1, width + 1, bytes_each), np.int64)  # with a margin of zeros above and to the left
    for row in range(height):
        line, kind = rows[row, 1:].reshape(width, bytes_each).astype(np.int64), rows[row, 0]
        above = out[row, 1:]
        if kind == 1:  # Sub: along the row
            out[row + 1, 1:] = np.cumsum(line, axis=0) & 255
        elif kind in (0, 2):
            out[row + 1, 1:] = (line + (above if kind == 2 else 0)) & 255
        else:
            for col in range(width):
                a, b, c = out[row + 1, col], above[col], out[row, col]
                if kind == 3:
                    guess = (a + b) // 2
                else:  # Paeth
                    p = a + b - c
                    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
                    guess = np.where((pa <= pb) & (pa <= pc), a, np.where(pb <= pc, b, c))
                out[row + 1, col + 1] = (line[col] + guess) & 255
    return out[1:, 1:].astype(np.uint8)


def near(image: np.ndarray, colour: str, apart: int = 24) -> np.ndarray:
    """Where an image has a colour ("#rrggbb"), as booleans (height, width)."""
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return (np.abs(image[..., :3].astype(int) - wanted) <= apart).all(axis=-1)
