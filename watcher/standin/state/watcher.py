"""Watcher as the stand-in plays it: one state, and what can be done with it."""

from watcher.standin.state.cameras import Cameras
from watcher.standin.state.clock import Clock
from watcher.standin.state.organizations import Organizations
from watcher.standin.state.presets import Presets
from watcher.standin.state.sessions import Sessions
from watcher.standin.state.state import State
from watcher.standin.state.switches import Switches
from watcher.standin.state.usage import UsageReport
from watcher.standin.state.users import Users


class Watcher:
    """The state with its clock and switches, and what people do in Watcher's own pages."""

    def __init__(self, *, offset_seconds: float = 0) -> None:
        self.clock = Clock(offset_seconds=offset_seconds)
        self.switches = Switches()
        self.state = State(self.clock, self.switches)
        self.organizations = Organizations(self.state)
        self.cameras = Cameras(self.state, self.organizations)
        self.presets = Presets(self.state)
        self.users = Users(self.state)
        self.sessions = Sessions(self.state)
        self.usage = UsageReport(self.state)
        self.started_at = self.clock.now_s()
