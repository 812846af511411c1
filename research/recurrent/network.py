"""live_net_recurrent as its training begins: live_net with a memory that passes what the head sees."""

from __future__ import annotations

import numpy as np
import torch

from research.recurrent.teacher import Teacher
from salviewer.models.live_net_recurrent import LiveNetRecurrent
from salviewer.models.tables import MEMORY_WIDTH


def start(teacher: Teacher) -> LiveNetRecurrent:
    """Return live_net with a memory at its start: what is let through is what the head sees.

    The rows of ``down`` are orthonormal averages of 2x2 cells, the first along the head's weights, and ``up``
    is their transpose, so that the memory can replace the low frequencies of all that the head sees.
    """
    network = LiveNetRecurrent()
    shipped = {name: torch.from_numpy(np.array(value)) for name, value in teacher.weights.items()}
    missing = network.load_state_dict(shipped, strict=False).missing_keys
    assert all(name.startswith("memory.") for name in missing)
    head = network.head.weight.detach()[0, :, 0, 0]
    basis = torch.linalg.qr(torch.cat([head[:, None], torch.randn(len(head), MEMORY_WIDTH - 1)], 1))[0]
    with torch.no_grad():
        network.memory.down.weight.copy_(basis.T[:, :, None, None].expand(-1, -1, 2, 2) / 4)
        network.memory.up.weight.copy_(basis[:, :, None, None])
    network.eval().requires_grad_(False)
    network.memory.requires_grad_(True)
    return network
