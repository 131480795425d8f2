"""The process behind `make run`, which runs the copy on one's own machine.

It starts PostgreSQL (unless `DATABASE_URL` is set), prepares the database and the static files,
loads the demonstration into an empty database, starts the programs in `_children`, and for the
demonstration a stand-in of Watcher, and keeps all of them running until it is told to stop.
"""

import os
import signal
import socket
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from local_run import environment, postgres_server
from local_run.child_process import Child
from local_run.console import say
from local_run.copy_lock import only_copy
from local_run.environment import DEFAULT_PORT, HOST
from local_run.postgres_place import EmbeddedServerError
from local_run.refusals import AlreadyRunningError, RefusedError

_ANSWER_SECONDS = 60
_LOOK_SECONDS = 0.2
_RETRY_SECONDS = 5
_STANDIN_OFFSET = 90
_LAST_PORT = 65_535


class StopRequest:
    """Whether SIGINT, SIGTERM or SIGHUP has arrived; during preparation, exit at once."""

    def __init__(self) -> None:
        self.received = False
        self.may_interrupt = True

    def install(self) -> None:
        """Handle the signals, even if a shell that runs us in the background has ignored them."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._take)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.received = True
        if self.may_interrupt:
            self.may_interrupt = False
            raise SystemExit(0)


def main() -> int:
    """Run the copy until told to stop; return the exit code."""
    stop = StopRequest()
    stop.install()
    try:
        port = environment.chosen_port()
        var = environment.var_dir()
        with only_copy(var, str(port)):
            refuse_taken_port(port)
            _run(var, port, stop)
    except AlreadyRunningError as notice:
        say(str(notice))
    except (RefusedError, EmbeddedServerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def refuse_taken_port(port: int) -> None:
    """Check that the port is free.

    Raises:
        RefusedError: the port cannot be used.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            another = DEFAULT_PORT + 1 if port == DEFAULT_PORT else DEFAULT_PORT
            raise RefusedError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another one, for example: make run PORT={another}"
            ) from error


def _run(var: Path, port: int, stop: StopRequest) -> None:
    home = None if os.environ.get("DATABASE_URL") else var / "postgres"
    children = _children(port)
    web = children[0]
    try:
        say("Preparing the database.")
        environment.fill_environment(var, port)
        sign_ins = _prepare(var, embedded=home is not None)
        stop.may_interrupt = False
        if sign_ins:
            children.append(_standin_of_watcher(port))
        web.start()
        _wait_for_answer(web, port, stop)
        if not stop.received:
            _print_address(port, sign_ins)
            for child in children[1:]:
                child.start()
        _supervise(home, children, stop)
    finally:
        stop.may_interrupt = False
        if stop.received:
            say("Stopping.")
        for child in reversed(children):
            child.stop()
        if home:
            postgres_server.leave(home)


def _children(port: int) -> list[Child]:
    """List the programs to keep running, the web server first."""
    gunicorn = [sys.executable, "-m", "gunicorn", "billing_admin.wsgi", "--no-control-socket"]
    gunicorn += ["--bind", f"{HOST}:{port}", "--worker-class", "gthread"]
    gunicorn += ["--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    gunicorn += ["--log-level", "warning"]
    worker = [sys.executable, "-m", "billing_admin.worker"]
    return [Child("web server", gunicorn), Child("worker", worker)]


def _standin_of_watcher(port: int) -> Child:
    """Return the program that the demonstration has as its Watcher, on a port beside `port`."""
    command = [sys.executable, "-m", "django", "demo_watcher", "--port", str(standin_port(port))]
    return Child("stand-in of Watcher", command, may_end=True)


def standin_port(port: int) -> int:
    """Return the port of the stand-in of Watcher: 90 after the product's, or before it."""
    after = port + _STANDIN_OFFSET
    return after if after <= _LAST_PORT else port - _STANDIN_OFFSET


def _prepare(var: Path, *, embedded: bool) -> tuple[tuple[str, str, str], ...]:
    """Prepare database and static files; return the demonstration's sign-ins, if it is loaded."""
    # The settings read the environment, so import them only now.
    import django
    from django.db import OperationalError, connections

    django.setup()
    from local_run import migration_history, preparation

    try:
        migration_history.require_known_history(embedded=embedded)
        preparation.migrate()
        preparation.collect_static(var / "static.stamp")
        preparation.load_demonstration_if_empty()
        return preparation.demonstration_sign_ins()
    except OperationalError as error:
        raise RefusedError(f"The database cannot be used: {error}") from error
    finally:
        connections.close_all()


def _wait_for_answer(web: Child, port: int, stop: StopRequest) -> None:
    """Wait until the web server answers or a stop is requested.

    Raises:
        RefusedError: the web server ends, fails, or does not answer within 60 seconds.
    """
    deadline = time.monotonic() + _ANSWER_SECONDS
    status = None
    while not (stop.received or status):
        if web.has_ended() or time.monotonic() > deadline:
            raise RefusedError("The web server did not start. Its output above says why.")
        time.sleep(_LOOK_SECONDS / 2)
        status = _status(port)
    if status and status >= 500:
        raise RefusedError("The web server answers with errors. Its output above says why.")


def _status(port: int) -> int | None:
    """Request /healthz; return the status code, or None if there is no answer."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _print_address(port: int, sign_ins: tuple[tuple[str, str, str], ...]) -> None:
    say(f"\nRunning at http://{HOST}:{port}/ (press Ctrl-C to stop)")
    if sign_ins:
        say("Sign in to the demonstration as:")
        width = max(len(email) for _, email, _ in sign_ins)
        for role, email, password in sign_ins:
            say(f"  {role:<10} {email:<{width}}  password {password}")


def _supervise(home: Path | None, children: list[Child], stop: StopRequest) -> None:
    """Restart what ends, until a stop is requested."""
    try_again_at = 0.0
    while not stop.received:
        if home and time.monotonic() >= try_again_at:
            try:
                if postgres_server.revive(home):
                    say("PostgreSQL had ended and was restarted.")
            except EmbeddedServerError as error:
                say(f"{error}\nTrying again in {_RETRY_SECONDS} seconds.")
                try_again_at = time.monotonic() + _RETRY_SECONDS
        for child in children:
            child.revive()
        time.sleep(_LOOK_SECONDS)
