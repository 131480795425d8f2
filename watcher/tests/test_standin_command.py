"""The command `watcher_standin`."""

import signal
import subprocess
import sys

import httpx
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from watcher.standin.standin import StandIn


def test_it_serves_until_it_is_stopped() -> None:
    command = [sys.executable, "-m", "django", "watcher_standin", "--port=0", "--cameras=7"]
    environment = {
        "DJANGO_SETTINGS_MODULE": "billing_admin.settings_test",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            told = {}
            while "System key of API v2" not in told:
                label, _gap, value = process.stdout.readline().strip().partition("  ")
                assert value, "it ended"
                told[label] = value.strip()
            key = {"X-Vsaas-Api-Key": told["System key of API v2"]}
            cameras = httpx.get(f"{told['API v2']}/cameras", headers=key, timeout=60).json()
            assert len(cameras) == 7
            name, password = told["Service user"].split(" / ")
            login = f"{told['API v3, admin scope']}/login"
            assert httpx.post(login, auth=(name, password), timeout=60).status_code == 200
            assert httpx.get(told["Page"], timeout=60).status_code == 200
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_port_in_use_and_a_bad_size_are_refused() -> None:
    with StandIn() as standin:
        port = int(standin.url.rpartition(":")[2])
        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            call_command("watcher_standin", port=port)
    for option in ({"cameras": 0}, {"organizations": 100_001}):
        with pytest.raises(CommandError, match="must be between"):
            call_command("watcher_standin", port=0, **option)
