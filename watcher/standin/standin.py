"""A stand-in for Flussonic Watcher, for tests and for people who have none."""

from threading import Thread
from types import TracebackType

from watcher.standin.page.own import OwnPages
from watcher.standin.seed import Size, fill
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.server import Server


class StandIn:
    """Serve an invented Watcher on a port of 127.0.0.1, in a thread of this process.

        with StandIn(Size(organizations=3, cameras=20)) as standin:
            standin.cameras.rename("lindenhof-eg/cam-0001", title="Gate")
            standin.faults.order("unavailable", calls=2, path="/streams")
            httpx.get(standin.admin_base + "/streams?sort=name", headers=...)
            assert standin.calls.to("/streams")[0].status == 503

    `cameras`, `organizations`, `presets`, `users` and `sessions` do what people do in Watcher;
    `switches` set what nobody knows of a real one; `clock` sets its time; `faults` orders errors;
    `pages.before` changes something between two pages of a list; `calls` is the record.
    Without a size it has nobody and nothing, apart from the system key of API v2.
    """

    def __init__(self, size: Size | None = None, *, port: int = 0, version: int = 26) -> None:
        self.watcher = Watcher()
        self.watcher.switches.set(version=version)
        self.state = self.watcher.state
        self.clock = self.watcher.clock
        self.switches = self.watcher.switches
        self.cameras = self.watcher.cameras
        self.organizations = self.watcher.organizations
        self.presets = self.watcher.presets
        self.users = self.watcher.users
        self.sessions = self.watcher.sessions
        self.usage = self.watcher.usage
        own = OwnPages(self.watcher)
        self.server = Server(self.watcher, own, port)
        self.faults = self.server.faults
        self.calls = self.server.calls
        self.pages = self.server.pages
        own.connect(self.faults, self.calls, self.pages)
        self._thread = Thread(target=self._serve, daemon=True)
        if size is not None:
            self.fill(size)

    def fill(self, size: Size) -> None:
        """Fill an empty stand-in with invented things, by its clock as it is now."""
        fill(self.watcher, size)

    def _serve(self) -> None:
        self.server.serve_forever(poll_interval=0.02)

    @property
    def url(self) -> str:
        """Return the address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def client_base(self) -> str:
        """Return the base of API v3, client scope."""
        return f"{self.url}/watcher/client-api/v3"

    @property
    def admin_base(self) -> str:
        """Return the base of API v3, admin scope."""
        return f"{self.url}/watcher/admin-api/v3"

    @property
    def v2_base(self) -> str:
        """Return the base of API v2."""
        return f"{self.url}/vsaas/api/v2"

    @property
    def control_base(self) -> str:
        """Return the base of the control interface."""
        return f"{self.url}/standin/api"

    def start(self) -> "StandIn":
        """Answer calls from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and all connections; what waits for an answer gets none."""
        self.server.stop()
        self._thread.join(timeout=10)

    def __enter__(self) -> "StandIn":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


__all__ = ["Size", "StandIn"]
