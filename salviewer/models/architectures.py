"""The architectures we know, a row each. Importing this loads no torch: a row names its module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from torch import nn

Output = Literal["logits", "intensity"]


@dataclass(frozen=True, slots=True)
class Architecture:
    """One network: where its class lies and what goes in and out.

    Attributes:
        name: catalogue name.
        title: name for people.
        factory: ``module:Class``; the class takes no arguments.
        table: ``module:function``, the shapes of its tensors by name, known without torch.
        sizing: ``module:function``, the (height, width) that it gives for an input's, known without torch.
        graph: ``module:function``, which builds it for OpenVINO; "" where torch alone knows it.
        input_size, output_size: (height, width) in pixels.
        output: what weights without a card are taken to give: ``logits`` (a softmax over the pixels is the
            density) or ``intensity`` (clipped at zero and divided by its sum).
        recipe: the recipe ``salviewer train`` uses when none is named.
    """

    name: str
    title: str
    factory: str
    table: str
    sizing: str
    graph: str
    input_size: tuple[int, int]
    output_size: tuple[int, int]
    output: Output
    recipe: str

    def build(self) -> nn.Module:
        """A network with freshly initialised weights (float32, on the CPU)."""
        network: nn.Module = _named(self.factory)()
        return network

    def output_for(self, size: tuple[int, int]) -> tuple[int, int]:
        """The (height, width) it gives for an input of (height, width)."""
        height, width = _named(self.sizing)(size)
        return height, width

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its tensors by name."""
        shapes: dict[str, tuple[int, ...]] = _named(self.table)()
        return shapes

    @property
    def graph_builder(self) -> Any:
        """What ``graph`` names: ``(Weights, input_size, Output) -> openvino.Model``."""
        return _named(self.graph)

    def build_empty(self) -> nn.Module:
        """A network whose weights are yet to be loaded: whatever memory holds (float32, on the CPU)."""
        from salviewer.models.meta_init import Uninitialised

        with Uninitialised():
            return self.build()


def _named(reference: str) -> Any:
    module, _, attribute = reference.partition(":")
    return getattr(import_module(module), attribute)


_ROWS = (
    Architecture(
        "live_net",
        "Live net",
        "salviewer.models.live_net:LiveNet",
        "salviewer.models.tables:live_net_shapes",
        "salviewer.models.tables:live_net_output",
        "salviewer.models.engines.live_net_graph:build",
        (240, 320),
        (240, 320),
        "logits",
        "modern",
    ),
    Architecture(
        "live_net_large",
        "Live net, large",
        "salviewer.models.live_net:LargeLiveNet",
        "salviewer.models.tables:live_net_large_shapes",
        "salviewer.models.tables:live_net_output",
        "salviewer.models.engines.live_net_graph:build_large",
        (240, 320),
        (240, 320),
        "logits",
        "modern",
    ),
    Architecture(
        "deep_convnet",
        "Deep ConvNet (Pan et al. 2016)",
        "salviewer.models.deep_convnet:DeepConvNet",
        "salviewer.models.tables:deep_convnet_shapes",
        "salviewer.models.tables:deep_convnet_output",
        "salviewer.models.engines.deep_convnet_graph:build",
        (240, 320),
        (236, 316),
        "intensity",
        "pan2016",
    ),
)
ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType({row.name: row for row in _ROWS})
