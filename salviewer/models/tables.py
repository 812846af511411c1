"""The networks' layers as tables, for building them with torch and without."""

from __future__ import annotations

Stages = tuple[tuple[int, int, int, int, int], ...]
"""An encoder's stages, one per row: expansion, kernel, stride, output channels, repeats."""

LITE0: Stages = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
"""EfficientNet-Lite0 (Liu, TensorFlow blog 2020; Tan and Le, ICML 2019)."""

LITE2: Stages = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 3),
    (6, 5, 2, 48, 3),
    (6, 3, 2, 88, 4),
    (6, 5, 1, 120, 4),
    (6, 5, 2, 208, 5),
    (6, 3, 1, 352, 1),
)
"""EfficientNet-Lite2: 1.1 times as wide as Lite0, 1.2 times as deep."""

TAPS = (1, 2, 4, 6)
"""The stages whose outputs, at strides 4, 8, 16 and 32, are inputs of live_net's decoder."""

ENCODER_EPSILON, DECODER_EPSILON = 1e-3, 1e-5
"""Added to variances by live_net's batch normalisation."""

BLUR_SIGMA = 2.2
"""Standard deviation in pixels of the fixed Gaussian at live_net's end."""

LAYERS = (
    (96, 7, True),
    (256, 5, True),
    (512, 3, False),
    (512, 5, False),
    (512, 5, False),
    (256, 7, False),
    (128, 11, False),
    (32, 11, False),
    (1, 13, False),
)
"""Deep ConvNet (Pan et al. 2016): output channels, kernel, pooled after; stride 1, padding kernel // 2."""

LIVE_WIDTH = 64
"""Channels of live_net's decoder."""

PRIOR_SIZE = (12, 16)
"""(height, width) of live_net's learned centre prior."""

ATTENTION_WIDTH, ATTENTION_HEADS, ATTENTION_LAYERS, ATTENTION_HIDDEN = 192, 6, 3, 384
"""Channels, heads and layers of attention_net's transformer, and channels inside each of its layers."""

ATTENTION_LEVELS = (2, 3)
"""The encoder's features, of those at `TAPS`, that attend to each other: strides 16 and 32."""

FREQUENCIES = 8
"""Waves per direction in attention_net's positions."""

PRIORS = 4
"""attention_net's learned priors, mixed for each picture."""
MEMORY_WIDTH = 32
"""Channels of live_net_recurrent's state."""

MEMORY_RATE = 0.04
"""Seconds between two frames at which the gates see no difference in time."""

MEMORY_RATES = (-6.0, 4.0)
"""Least and greatest logarithm of the rate at which a state fades, per ``MEMORY_RATE`` seconds."""

MEMORY_STEP = 0.001
"""Least seconds between two frames that the memory tells apart."""

Shapes = dict[str, tuple[int, ...]]
"""Shapes of a network's tensors by name, as in its ``state_dict``."""


def live_net_shapes(encoder: Stages = LITE0) -> Shapes:
    """Return the tensor shapes of `salviewer.models.live_net.LiveNet` with this encoder."""
    shapes: Shapes = {"prior": (1, 1, *PRIOR_SIZE)}

    def normed(name: str, norm: str, shape: tuple[int, ...]) -> None:
        shapes[f"{name}.weight"] = shape
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{norm}.{part}"] = (shape[0],)
        shapes[f"{norm}.num_batches_tracked"] = ()

    normed("encoder.stem.0", "encoder.stem.1", (32, 3, 3, 3))
    inputs = 32
    for stage, (expansion, kernel, _, outputs, repeats) in enumerate(encoder):
        for index in range(repeats):
            name, width = f"encoder.stages.{stage}.{index}", inputs * expansion
            if expansion > 1:
                normed(f"{name}.expand.0", f"{name}.expand.1", (width, inputs, 1, 1))
            normed(f"{name}.depthwise.0", f"{name}.depthwise.1", (width, 1, kernel, kernel))
            normed(f"{name}.project.0", f"{name}.project.1", (outputs, width, 1, 1))
            inputs = outputs
    for level, tap in enumerate(TAPS):
        shapes[f"laterals.{level}.weight"] = (LIVE_WIDTH, encoder[tap][3], 1, 1)
        shapes[f"laterals.{level}.bias"] = (LIVE_WIDTH,)
    for name in (*(f"merges.{level}" for level in range(len(TAPS))), "refine"):
        shapes[f"{name}.0.weight"] = (LIVE_WIDTH, 1, 3, 3)
        normed(f"{name}.1", f"{name}.2", (LIVE_WIDTH, LIVE_WIDTH, 1, 1))
    return shapes | {"head.weight": (1, LIVE_WIDTH, 1, 1), "head.bias": (1,)}


def live_net_large_shapes() -> Shapes:
    """Return the tensor shapes of `salviewer.models.live_net.LargeLiveNet`."""
    return live_net_shapes(LITE2)


def attention_net_shapes() -> Shapes:
    """Return the tensor shapes of `salviewer.models.attention_net.AttentionNet`."""
    width, hidden = ATTENTION_WIDTH, ATTENTION_HIDDEN
    shapes = {name: shape for name, shape in live_net_shapes(LITE2).items() if name != "prior"}
    shapes["priors"] = (1, PRIORS, *PRIOR_SIZE)

    def linear(name: str, outputs: int, inputs: int) -> None:
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (outputs, inputs), (outputs,)

    def norm(name: str) -> None:
        shapes[f"{name}.weight"] = shapes[f"{name}.bias"] = (width,)

    for index, level in enumerate(ATTENTION_LEVELS):
        shapes[f"entries.{index}.weight"] = (width, LITE2[TAPS[level]][3], 1, 1)
        shapes[f"entries.{index}.bias"] = (width,)
        shapes[f"laterals.{level}.weight"] = (LIVE_WIDTH, width, 1, 1)
    linear("positions", width, 4 * FREQUENCIES + 3)
    for index in range(ATTENTION_LAYERS):
        name = f"layers.{index}"
        norm(f"{name}.before")
        linear(f"{name}.query_key_value", 3 * width, width)
        linear(f"{name}.output", width, width)
        norm(f"{name}.between")
        linear(f"{name}.widen", hidden, width)
        linear(f"{name}.narrow", width, hidden)
    norm("norm")
    linear("gate", PRIORS, width)
    return shapes


def live_net_recurrent_shapes() -> Shapes:
    """Return the tensor shapes of `salviewer.models.live_net_recurrent.LiveNetRecurrent`."""
    width = MEMORY_WIDTH
    return live_net_shapes() | {
        "memory.down.weight": (width, LIVE_WIDTH, 2, 2),
        "memory.compare.weight": (width, 2 * width, 3, 3),
        "memory.compare.bias": (width,),
        "memory.interval": (width,),
        "memory.gates.weight": (2 * width, width, 3, 3),
        "memory.gates.bias": (2 * width,),
        "memory.candidate.weight": (width, width, 3, 3),
        "memory.up.weight": (LIVE_WIDTH, width, 1, 1),
    }


def live_net_recurrent_state(size: tuple[int, int]) -> tuple[int, int, int]:
    """Return the (channels, height, width) of live_net_recurrent's state for an input of (height, width)."""
    height, width = ((side + 7) // 8 for side in size)
    return MEMORY_WIDTH, height, width


def deep_convnet_shapes() -> Shapes:
    """Return the tensor shapes of `salviewer.models.deep_convnet.DeepConvNet`."""
    shapes: Shapes = {"upsample.weight": (1, 1, 8, 8)}
    place, channels = 0, 3
    for index, (width, kernel, pooled) in enumerate(LAYERS):
        shapes[f"features.{place}.weight"] = (width, channels, kernel, kernel)
        shapes[f"features.{place}.bias"] = (width,)
        place += 2 + (index == 0) + pooled  # the convolution and its ReLU, normalisation, pooling
        channels = width
    return shapes


def live_net_output(size: tuple[int, int]) -> tuple[int, int]:
    """Return the (height, width) of live_net's map for an input of (height, width): the same."""
    return size


def deep_convnet_output(size: tuple[int, int]) -> tuple[int, int]:
    """Return the (height, width) of the Deep ConvNet's map for an input of (height, width)."""
    height, width = size
    for _, _, pooled in LAYERS:
        if pooled:
            height, width = (height - 1) // 2, (width - 1) // 2
    return 4 * height, 4 * width
