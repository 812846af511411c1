"""Watch over what a page asks for: addresses, redirects, sizes, downloads, windows and dialogs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from salviewer.webpages.safety import MOST_REDIRECTS, WEB, Rule, scheme_of

if TYPE_CHECKING:
    from salviewer.webpages.devtools import DevTools

Message = dict[str, Any]

MOST_BYTES = 256 * 2**20
"""Most bytes that a page may load; then loading is stopped, and what is there is drawn."""

_PAUSED = [{"urlPattern": "*", "requestStage": "Request"}]


class Traffic:
    """The requests of one page and of its frames and workers.

    Attributes:
        refusal: why the page must not be opened, as a clause; "" if it may.
        status: (number, text) of the page's own answer; (0, "") before there is one.
        loaded: whether the page's load event came.
        gone: why there is no page any more, as a clause; "" if it is there.
        notes: clauses for the user.
        address: of the page now.
    """

    def __init__(self, rule: Rule, address: str, direct: bool) -> None:
        self._rule, self._direct = rule, direct
        self.address = address
        self.refusal = self.gone = ""
        self.status = (0, "")
        self.loaded = self._arrived = False
        self.notes: list[str] = []
        self.tools: DevTools | None = None
        self.session = self._frame = ""
        self._sessions: set[str] = set()
        self._open: dict[str, float] = {}  # requests under way
        self._documents: dict[str, int] = {}
        self._bytes, self._refused = 0, 0
        self._quiet_since = time.monotonic()

    def attach(self, tools: DevTools, session: str, frame: str) -> None:
        """Watch a page from now on."""
        self.tools, self.session, self._frame = tools, session, frame
        self._sessions.add(session)
        for method, parameters in (
            ("Page.enable", {}),
            ("Network.enable", {}),
            ("Inspector.enable", {}),
            ("Fetch.enable", {"patterns": _PAUSED}),
            (
                "Target.setAutoAttach",
                {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True},
            ),
        ):
            tools.call(method, parameters, session=session)

    def idle_seconds(self) -> float:
        """Return for how long at most two requests have been under way, as for a page that keeps asking."""
        now = time.monotonic()
        if len([began for began in self._open.values() if now - began < 10.0]) > 2:
            self._quiet_since = now
        return now - self._quiet_since

    def handle(self, method: str, event: Message, session: str) -> None:
        """Handle an event of the browser."""
        handler = getattr(self, "_on_" + method.replace(".", "_"), None)
        if handler is not None:
            handler(event, session)

    def _post(self, method: str, parameters: Message, session: str) -> None:
        assert self.tools is not None
        self.tools.post(method, parameters, session=session)

    def _on_Fetch_requestPaused(self, event: Message, session: str) -> None:  # noqa: N802  the protocol's name
        address = event["request"]["url"] + event["request"].get("urlFragment", "")
        main = event.get("resourceType") == "Document" and event.get("frameId") == self._frame
        objection = self.refusal if main and self.refusal else self._rule.objection(address)
        if main and not objection:
            number = self._documents[event.get("networkId", "")] = (
                self._documents.get(event.get("networkId", ""), 0) + 1
            )
            if max(number, sum(self._documents.values())) > MOST_REDIRECTS + 1:
                objection = "it redirects without end"
        if objection:
            if main:
                self.refusal = objection
            else:
                self._refused += 1
            reply = {"requestId": event["requestId"], "errorReason": "BlockedByClient"}
            self._post("Fetch.failRequest", reply, session)
        else:
            self._post("Fetch.continueRequest", {"requestId": event["requestId"]}, session)

    def _on_Network_requestWillBeSent(self, event: Message, session: str) -> None:  # noqa: N802
        if scheme_of(event["request"]["url"]) in WEB:
            self._open[event["requestId"]] = time.monotonic()
            self._quiet_since = time.monotonic()

    def _on_Network_responseReceived(self, event: Message, session: str) -> None:  # noqa: N802
        response = event["response"]
        main = event.get("type") == "Document" and event.get("frameId") == self._frame
        if main:
            self.status = int(response.get("status", 0)), str(response.get("statusText", ""))
        if self._direct and event.get("type") == "Document":
            objection = self._rule.objection_to_server(str(response.get("remoteIPAddress", "")))
            if objection:
                self.refusal = self.refusal or objection

    def _on_Network_dataReceived(self, event: Message, session: str) -> None:  # noqa: N802
        before = self._bytes
        self._bytes += max(int(event.get("dataLength", 0)), int(event.get("encodedDataLength", 0)))
        if before <= MOST_BYTES < self._bytes:
            self.notes.append(f"it loads more than {MOST_BYTES >> 20} MB, and the rest was left out")
            self.loaded = True
            for one in self._sessions:
                self._post("Page.stopLoading", {}, one)
                self._post("Network.emulateNetworkConditions", _OFFLINE, one)

    def _on_Network_loadingFinished(self, event: Message, session: str) -> None:  # noqa: N802
        self._open.pop(event["requestId"], None)

    _on_Network_loadingFailed = _on_Network_loadingFinished  # noqa: N815

    def _on_Page_loadEventFired(self, event: Message, session: str) -> None:  # noqa: N802
        if session == self.session:
            self.loaded = True

    def _on_Page_frameNavigated(self, event: Message, session: str) -> None:  # noqa: N802
        frame = event["frame"]
        if session == self.session and "parentId" not in frame:
            self.address, self.loaded = frame["url"], False
            self._arrived = self._arrived or scheme_of(frame["url"]) in WEB

    def _on_Page_javascriptDialogOpening(self, event: Message, session: str) -> None:  # noqa: N802
        leaving = event.get("type") == "beforeunload"
        self._post("Page.handleJavaScriptDialog", {"accept": leaving}, session)
        note = "it opened a dialog, which was closed"
        if note not in self.notes and not leaving:
            self.notes.append(note)

    def _on_Browser_downloadWillBegin(self, event: Message, session: str) -> None:  # noqa: N802
        if event.get("frameId") == self._frame and not self._arrived:
            self.refusal = self.refusal or "it is a download, not a page; save the file and open it"

    def _on_Inspector_targetCrashed(self, event: Message, session: str) -> None:  # noqa: N802
        if session == self.session:
            self.gone = "the browser's tab crashed while it drew the page"

    def _on_Target_detachedFromTarget(self, event: Message, session: str) -> None:  # noqa: N802
        self._sessions.discard(event.get("sessionId", ""))
        if event.get("sessionId") == self.session:
            self.gone = "the browser closed the page"

    def _on_Target_attachedToTarget(self, event: Message, session: str) -> None:  # noqa: N802
        child, target = event["sessionId"], event["targetInfo"]
        if child in self._sessions or not session:
            return
        if target["type"] == "page":  # a window that the page opens
            self._post("Target.closeTarget", {"targetId": target["targetId"]}, "")
            return
        self._sessions.add(child)
        self._post("Fetch.enable", {"patterns": _PAUSED}, child)
        self._post("Network.enable", {}, child)
        if target["type"] == "iframe":
            self._post("Page.enable", {}, child)
        automatic = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        self._post("Target.setAutoAttach", automatic, child)
        self._post("Runtime.runIfWaitingForDebugger", {}, child)


_OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
