"""Why the copy is not started, or its data are not removed."""


class RefusedError(Exception):
    """Say why what was asked for is not done, and what to do about it."""


class AlreadyRunningError(RefusedError):
    """Say which process runs this copy already, and where."""
