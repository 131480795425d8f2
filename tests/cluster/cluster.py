"""The cluster: a database, two web hosts behind nginx, and two worker hosts."""

from __future__ import annotations

import grp
import json
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any
from urllib.request import Request, urlopen

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local_run.environment import BASE_DIR
from tests.cluster.debian import Programs
from tests.cluster.network import HERE, SUBNET, Host, create_bridge

RESTART_SECONDS = 2
# Shorter than the default, so that the drills do not take all day.
LOST_AFTER_SECONDS = 15
_MAIL_PORT = 1025
_WEB_PORT = 8000
_LAST_LINES = 4
_DATABASE = "billing"
# As docs/operations.md advises, for when the database's host vanishes.
_TIMEOUTS = (
    "connect_timeout=10&keepalives_idle=30&keepalives_interval=10&keepalives_count=3"
    "&tcp_user_timeout=30000"
)
_NGINX = Template((Path(__file__).with_name("nginx.conf")).read_text())


def wait_for(what: str, condition: Callable[[], object], seconds: float = 180) -> None:
    """Wait until a condition is true. Raises: TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {seconds:g} seconds there is still not {what}.")
        time.sleep(0.1)


@dataclass
class Service:
    """A program on a host, restarted whenever it ends, as a service manager does."""

    host: Host
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    as_nobody: bool = False
    restarts: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _is_wanted: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start it and keep it running."""
        self._process = self._start()
        self._is_wanted.set()
        threading.Thread(target=self._keep_running, args=[self._process], daemon=True).start()

    def forget(self) -> None:
        """Leave it ended when its host is killed."""
        self._is_wanted.clear()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it with a signal, and wait until it has ended."""
        self.forget()
        if self._process:
            self._process.send_signal(number)
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return self.host.start(self.command, self.environment, as_nobody=self.as_nobody)

    def _keep_running(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            process.wait()
            time.sleep(RESTART_SECONDS)
            if not self._is_wanted.is_set() or process is not self._process:
                return
            self.restarts += 1
            self._process = process = self._start()


class Mailbox:
    """A mail server that remembers which documents were attached to the emails it accepted."""

    def __init__(self) -> None:
        self.documents: list[str] = []
        self._controller = Controller(self, hostname=HERE, port=_MAIL_PORT)
        self._controller.start()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        name = content.partition(b'filename="')[2].partition(b'"')[0]
        self.documents.append(name.decode().removesuffix(".pdf"))
        return "250 OK"


class Cluster:
    """All hosts with their services."""

    def __init__(self, folder: Path, programs: Programs) -> None:
        create_bridge()
        self.folder = folder
        self.programs = programs
        names = ("database", "balancer", "web-1", "web-2", "worker-1", "worker-2", "pooler")
        self.hosts = {name: Host(name, 10 + n, folder) for n, name in enumerate(names)}
        self.address = f"http://{self.hosts['balancer'].address}"
        self.mailbox = Mailbox()
        self.environment = self._environment()
        self.services = {name: self._service(name) for name in names[:-1]}

    # --- Start --------------------------------------------------------------------------------

    def start_database(self) -> None:
        """Create and start the PostgreSQL server, with the product's tables."""
        data = self.folder / "postgres"
        data.mkdir(mode=0o700)
        os.chown(data, *_ids_of_nobody())
        initdb = [self.programs.of_postgres("initdb"), "--pgdata", str(data), "--auth=trust"]
        initdb += ["--username", _DATABASE, "--encoding=UTF8", "--locale=C.UTF-8"]
        database = self.hosts["database"]
        run = database.start(initdb, self.environment, as_nobody=True)
        if run.wait():
            raise RuntimeError(database.log.read_text())
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {SUBNET} trust\n")
        self.services["database"].start()
        wait_for("a database", self._can_connect)
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {_DATABASE}")

    def start_others(self) -> None:
        """Start the web hosts, the workers and the balancer."""
        for name in ("web-1", "web-2", "worker-1", "worker-2", "balancer"):
            self.services[name].start()
        self.wait_for_web_hosts()
        wait_for("a heartbeat of each worker", self._workers_beat)

    def wait_for_web_hosts(self) -> None:
        """Wait until the web hosts and the balancer answer."""
        wait_for("an answer of each web host", self._web_hosts_answer)

    def manage(self, *arguments: str) -> str:
        """Run a management command from this process's host; return what it printed."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments, "--verbosity=0"],
            cwd=BASE_DIR,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return result.stdout

    # --- Faults -------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """Kill all processes of a host; PostgreSQL is stopped immediately, without a checkpoint."""
        service = self.services[name]
        service.forget()
        if name == "database":
            service.stop(signal.SIGQUIT)
        service.host.kill()

    def revive(self, name: str) -> None:
        """Start a killed host again."""
        self.services[name].start()

    # --- What it did --------------------------------------------------------------------------

    def connect(self, database: str = _DATABASE) -> psycopg.Connection[Any]:
        """Connect to the database."""
        address = self.hosts["database"].address
        return psycopg.connect(
            host=address, user=_DATABASE, dbname=database, autocommit=True, connect_timeout=5
        )

    def log_lines(self, *names: str) -> Iterator[dict[str, Any]]:
        """Read the JSON lines that hosts have logged."""
        for name in names:
            log = self.hosts[name].log
            for line in log.read_text().splitlines() if log.exists() else ():
                if line.startswith("{"):
                    yield json.loads(line)

    def ends_of_logs(self) -> str:
        """Return the last lines of each host's log."""
        ends = []
        for name, host in self.hosts.items():
            lines = host.log.read_text().splitlines() if host.log.exists() else []
            ends += [f"--- {name}", *lines[-_LAST_LINES:]]
        return "\n".join(ends)

    def _can_connect(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _web_hosts_answer(self) -> bool:
        web = [f"http://{self.hosts[name].address}:{_WEB_PORT}" for name in ("web-1", "web-2")]
        try:
            for address in (*web, self.address):
                host = {"Host": self.hosts["balancer"].address}
                urlopen(Request(f"{address}/healthz", headers=host), timeout=5).close()
        except OSError:
            return False
        return True

    def _workers_beat(self) -> bool:
        with self.connect() as connection:
            workers = connection.execute("SELECT FROM procrastinate_workers")
            return workers.rowcount == 2

    # --- Services -----------------------------------------------------------------------------

    def database_url(self, host: str = "database", port: int = 5432) -> str:
        """Return the address of the database, or of the pooler in front of it."""
        address = f"{self.hosts[host].address}:{port}"
        return f"postgres://{_DATABASE}@{address}/{_DATABASE}?{_TIMEOUTS}"

    def _environment(self) -> dict[str, str]:
        return {
            "LD_LIBRARY_PATH": self.programs.libraries,
            "SECRET_KEY": "only-for-the-cluster-" + "x1y2z3" * 8,
            "ALLOWED_HOSTS": self.hosts["balancer"].address,
            "DATABASE_URL": self.database_url(),
            "EMAIL_URL": f"smtp://{HERE}:{_MAIL_PORT}",
            "BASE_URL": self.address,
            "STATIC_ROOT": str(self.folder / "static"),
            "HTTPS": "false",
            "EXTRA_APPS": "demo",
            "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
            "JOBS_LOST_AFTER_SECONDS": str(LOST_AFTER_SECONDS),
        }

    def _service(self, name: str) -> Service:
        host = self.hosts[name]
        if name == "database":
            command, as_nobody = self._postgres(host), True
        elif name == "balancer":
            command, as_nobody = self._nginx(), False
        elif name.startswith("web"):
            command, as_nobody = _gunicorn(host), False
        else:
            command, as_nobody = [sys.executable, "-m", "billing_admin.worker"], False
        return Service(host, command, self.environment, as_nobody)

    def _postgres(self, host: Host) -> list[str]:
        settings = {
            "listen_addresses": host.address,
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": "512MB",
            # As docs/operations.md advises: without these, a host that loses its power while it
            # holds locks keeps them for up to two hours.
            "tcp_keepalives_idle": "30",
            "tcp_keepalives_interval": "10",
            "tcp_keepalives_count": "3",
            "tcp_user_timeout": "60000",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.programs.postgres, "-D", str(self.folder / "postgres"), *options]

    def _nginx(self) -> list[str]:
        folder = self.folder / "nginx"
        folder.mkdir()
        web = [f"{self.hosts[name].address}:{_WEB_PORT}" for name in ("web-1", "web-2")]
        text = _NGINX.substitute(
            folder=folder,
            address=self.hosts["balancer"].address,
            servers=" ".join(f"server {each} max_fails=1 fail_timeout=5s;" for each in web),
        )
        (folder / "nginx.conf").write_text(text)
        return [self.programs.nginx, "-e", "stderr", "-c", str(folder / "nginx.conf")]


def _gunicorn(host: Host) -> list[str]:
    options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    bind = ["--bind", f"{host.address}:{_WEB_PORT}", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "billing_admin.wsgi", *options, *bind]


def _ids_of_nobody() -> tuple[int, int]:
    return pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid
