"""Reasons why the copy is not started, or its data are not deleted, backed up or restored."""


class RefusedError(Exception):
    """A request is refused; the message says why and what to do about it."""


class AlreadyRunningError(RefusedError):
    """The copy is already running; the message says where and as which process."""
