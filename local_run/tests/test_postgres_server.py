"""The embedded server: one for all its users, whatever is killed."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import environ
import psutil
import psycopg
import pytest

from local_run import postgres_place, postgres_server
from local_run.postgres_place import FolderRefusedError
from local_run.tests.helpers import (
    CLONE,
    DEADLINE_SECONDS,
    Holder,
    connect,
    is_stopped,
    main_process,
    reads_row,
    wait_until,
    write_row,
)

Hold = Callable[[Path], Holder]


def test_runs_while_it_is_used_and_keeps_its_data(new_home: Path) -> None:
    with postgres_server.using(new_home) as url:
        write_row(url)
    assert is_stopped(new_home)

    with postgres_server.using(new_home) as url:
        assert reads_row(url)
    assert is_stopped(new_home)


def test_listens_only_on_a_private_socket(home: Path) -> None:
    with postgres_server.using(home) as url, connect(url) as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()
        folder = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))

        assert listens == ("",)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not psutil.Process(main_process(home)).net_connections("inet")
    assert not folder.exists()


def test_commits_are_durable_and_text_search_handles_cyrillic(home: Path) -> None:
    with postgres_server.using(home) as url, connect(url) as connection:
        row = connection.execute(
            """
            SELECT current_setting('fsync'), current_setting('synchronous_commit'), lower('ЖУК'),
                   to_tsvector('simple', 'Майский ЖУК') @@ to_tsquery('simple', 'жук'),
                   current_setting('server_version_num')::int >= 180000
            """
        ).fetchone()
    assert row == ("on", "on", "жук", True, True)


def test_the_settings_can_read_the_url(home: Path) -> None:
    with postgres_server.using(home) as url:
        database = environ.Env.db_url_config(url)  # type: ignore[no-untyped-call]
    assert database["NAME"] == "billing"
    assert database["OPTIONS"]["host"].startswith("/tmp/billing-admin-")


def test_users_share_the_server_and_the_last_one_stops_it(home: Path, hold: Hold) -> None:
    first, second = hold(home), hold(home)
    assert first.url() == second.url()
    server = main_process(home)

    assert first.leave() == 0
    assert main_process(home) == server

    assert second.leave() == 0
    assert is_stopped(home)


def test_processes_that_start_at_once_share_one_server(new_home: Path, hold: Hold) -> None:
    holders = [hold(new_home) for _ in range(8)]
    urls = {holder.url() for holder in holders}
    assert len(urls) == 1
    processes = postgres_place.server_processes(new_home / "data")
    mains = {process.pid for process in processes} - {
        child.pid for process in processes for child in process.children()
    }
    assert mains == {main_process(new_home)}

    assert [holder.leave() for holder in holders] == [0] * 8
    assert is_stopped(new_home)


def test_a_killed_user_is_not_counted(home: Path, hold: Hold) -> None:
    killed = hold(home)
    killed.url()
    server = main_process(home)
    killed.kill()

    with postgres_server.using(home):
        assert main_process(home) == server
    assert is_stopped(home)


def test_a_forked_child_does_not_keep_the_server_running(home: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path; from local_run import postgres_server\n"
        "postgres_server.use(Path(sys.argv[1]))\n"
        "child = os.fork()\n"
        "if not child: os.close(1); time.sleep(60); os._exit(0)\n"
        "print(child)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(home)],
        cwd=CLONE,
        stdout=subprocess.PIPE,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=True,
    )
    try:
        assert is_stopped(home)
    finally:
        os.kill(int(result.stdout), 9)


def test_a_killed_server_restarts_with_every_committed_row(home: Path) -> None:
    with postgres_server.using(home) as url:
        write_row(url)
        assert not postgres_server.revive(home)
        server = main_process(home)
        os.kill(server, 9)
        wait_until(lambda: not postgres_place.postmaster(home / "data"))

        assert postgres_server.revive(home)
        assert main_process(home) != server
        assert reads_row(url)


def test_a_killed_server_does_not_affect_the_next_user(home: Path, hold: Hold) -> None:
    killed = hold(home)
    write_row(killed.url())
    os.kill(main_process(home), 9)
    killed.kill()

    with postgres_server.using(home) as url:
        assert reads_row(url)


def test_a_busy_process_of_a_killed_server_is_ended_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_server, "_LEFTOVER_SECONDS", 1)
    with postgres_server.using(home) as url:
        write_row(url)
        busy = connect(url)
        counting = threading.Thread(target=_count_for_long, args=(busy,))
        counting.start()
        with connect(url) as other:
            query = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'active'"
            wait_until(lambda: other.execute(query, [busy.info.backend_pid]).fetchone())
        os.kill(main_process(home), 9)
        wait_until(lambda: not postgres_place.postmaster(home / "data"))

        assert postgres_server.revive(home)
        assert not psutil.pid_exists(busy.info.backend_pid)
        assert reads_row(url)
        counting.join(DEADLINE_SECONDS)
        busy.close()


def _count_for_long(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    with suppress(psycopg.OperationalError):
        connection.execute("SELECT count(*) FROM generate_series(1, 1e11::bigint) a")


@pytest.mark.parametrize("state", ["gone", "zombie", "another program", "empty"])
def test_a_stale_process_id_does_not_prevent_the_start(
    home: Path, idle_program: psutil.Popen, state: str
) -> None:
    with postgres_server.using(home) as url:
        write_row(url)
    dead = subprocess.Popen(["true"])
    process = psutil.Process(dead.pid)
    wait_until(lambda: process.status() == psutil.STATUS_ZOMBIE)
    numbers = {"zombie": str(dead.pid), "another program": str(idle_program.pid), "empty": ""}
    if state == "gone":
        dead.wait()
        numbers["gone"] = str(dead.pid)
    (home / "data" / "postmaster.pid").write_text(f"{numbers[state]}\n{home}/data\n1\n")

    with postgres_server.using(home) as url:
        assert reads_row(url)
    dead.wait()
    assert idle_program.is_running()


def test_a_deleted_socket_is_created_again(home: Path) -> None:
    with postgres_server.using(home) as url:
        write_row(url)
        for file in Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"])).iterdir():
            file.unlink()

        assert postgres_server.revive(home)
        assert reads_row(url)


def test_an_interrupted_first_start_is_cleaned_up(new_home: Path) -> None:
    unfinished = new_home / "data.interrupted"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with postgres_server.using(new_home) as url, connect(url):
        assert not unfinished.exists()


def test_a_long_path_does_not_make_the_socket_path_too_long(open_folder: Path) -> None:
    home = open_folder.joinpath(*["a folder with a name of fifty characters, or nearly"] * 5)
    with postgres_server.using(home / "postgres") as url, connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_socket_folder_open_to_others_is_refused(home: Path) -> None:
    with postgres_server.using(home) as url:
        folder = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
    folder.mkdir()
    folder.chmod(0o755)

    with pytest.raises(FolderRefusedError, match="Remove it"):
        postgres_server.use(home)
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_failed_start_shows_the_server_log(new_home: Path) -> None:
    with postgres_server.using(new_home):
        pass
    with (new_home / "data" / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")

    with pytest.raises(postgres_server.StartFailedError, match="nonsense"):
        postgres_server.use(new_home)
