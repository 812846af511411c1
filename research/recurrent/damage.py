"""Damage to frames: noise, blur, darkness, compression, unsteady light, single bad frames."""

from __future__ import annotations

import cv2
import numpy as np

KINDS = ("none", "noise", "blur", "dark", "jpeg", "light", "hits")
_SHARES = (0.2, 0.2, 0.08, 0.17, 0.17, 0.06, 0.12)


class Damage:
    """One kind of damage for all frames of a sequence, of a strength that varies little from frame to frame.

    Attributes:
        kind: one of `KINDS`.
    """

    def __init__(self, random: np.random.Generator, kind: str = "") -> None:
        self._random = random
        self.kind = kind or str(random.choice(KINDS, p=_SHARES))
        self._strength = random.random()
        self._hit = str(random.choice(["noise", "blur", "dark", "jpeg"]))

    def done(self, frame: np.ndarray) -> np.ndarray:
        """Return the damaged frame."""
        strength = float(np.clip(self._strength + self._random.normal(0, 0.08), 0, 1))
        kind = self.kind
        if kind == "hits":
            kind = self._hit if self._random.random() < 0.3 else "none"
        match kind:
            case "noise":
                return self._noisy(frame.astype(np.float32), 6 * 8**strength)  # 6 to 48 levels
            case "blur":
                return np.asarray(cv2.GaussianBlur(frame, (0, 0), 0.8 + 3 * strength), np.uint8)
            case "dark":
                gain = 0.5 * 0.12**strength  # 0.5 to 0.06
                photons = np.sqrt(np.maximum(frame * np.float32(gain), 0) + 1)
                return self._noisy(frame * np.float32(gain), 1 + 1.2 * photons[..., :1])
            case "jpeg":
                quality = round(30 * 0.12**strength)  # 30 to 4
                data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
                return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
            case "light":
                gain = np.exp(self._random.normal(0, 0.1 + 0.3 * strength))
                return np.asarray(np.clip(frame * np.float32(gain), 0, 255), np.uint8)
            case _:
                return frame

    def _noisy(self, frame: np.ndarray, sigma: float | np.ndarray) -> np.ndarray:
        noise = self._random.standard_normal(frame.shape, np.float32) * np.asarray(sigma, np.float32)
        return np.asarray(np.clip(np.rint(frame + noise), 0, 255), np.uint8)
