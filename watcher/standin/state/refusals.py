"""What Watcher refuses."""


class RefusedError(Exception):
    """A call that Watcher refuses; nothing has changed.

    `status` is the HTTP status of API v3, `code` a word, and `pointer` the JSON pointer to the
    part of the body that is wrong, or empty.
    """

    def __init__(self, status: int, code: str, title: str, pointer: str = "") -> None:
        super().__init__(f"{status} {title} {pointer}".strip())
        self.status = status
        self.code = code
        self.title = title
        self.pointer = pointer


def invalid(title: str, pointer: str) -> RefusedError:
    """Return the refusal of a value."""
    return RefusedError(400, "invalid", title, pointer)


def missing(title: str) -> RefusedError:
    """Return the refusal of something that does not exist, or that the caller may not see."""
    return RefusedError(404, "not_found", title)


def forbidden(title: str) -> RefusedError:
    """Return the refusal of what the caller has no right to."""
    return RefusedError(403, "forbidden", title)


def unauthorized(title: str) -> RefusedError:
    """Return the refusal of credentials."""
    return RefusedError(401, "unauthorized", title)


def over_limit(title: str) -> RefusedError:
    """Return the refusal of one more than an organization's limit."""
    return RefusedError(403, "limit_reached", title)
