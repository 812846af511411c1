"""What a menu is: a table of actions, and the methods that carry them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from salviewer.app.window import Window


@dataclass(frozen=True, slots=True)
class Spec:
    """One action.

    Attributes:
        name: the method of its menu that carries it out, and the action's object name; unique among menus.
        text: as in the menu, with its ampersand; "" is a line between actions.
        keys: shortcuts, the first is shown.
        icon: of `resources/icons`; "" for none.
        tip: a longer explanation; the text when empty.
        check: whether it is switched on and off.
        bar: whether it is on the tool bar.
        group: of actions one of which is chosen; "" for none.
        under: the title of the submenu it is in; "" for the menu itself.
        needs: when it can be asked for: "" always, else a name that `Window.possible` answers.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    check: bool = False
    bar: bool = False
    group: str = ""
    under: str = ""
    needs: str = ""


LINE = Spec("", "")
BAR_LINE = Spec("", "", bar=True)


class Menu:
    """A menu of the window: `SPECS` names its methods."""

    TITLE: ClassVar[str]
    SPECS: ClassVar[tuple[Spec, ...]]

    def __init__(self, window: Window) -> None:
        self.window = window
