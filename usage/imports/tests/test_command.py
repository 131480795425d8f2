"""Test the import of usage from the command line."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.models import Camera, UsageInterval

HEADER = "organization,camera,title,tariff,started_at,ended_at"
RIGHT = "Acme,yard,,Basic,2020-09-01T00:00:00Z,"


@pytest.fixture
def organization(db: None) -> Organization:
    return OrganizationFactory.create(title="Acme", tariffs=[TariffFactory.create(name="Basic")])


def test_the_command_imports_a_file_and_prints_the_changes(
    organization: Organization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(f"{HEADER}\n{RIGHT}\n")
    call_command("import_usage", file, "--dry-run")
    assert "Nothing has been changed." in capsys.readouterr().out
    assert not Camera.objects.exists()
    call_command("import_usage", file)
    printed = capsys.readouterr()
    assert "Intervals added: 1" in printed.out
    assert "Reading: 100%" in printed.err
    call_command("import_usage", file)
    assert "Nothing to change." in capsys.readouterr().out
    assert UsageInterval.objects.count() == 1


def test_the_command_prints_wrong_lines_to_standard_error_and_fails(
    organization: Organization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(f"{HEADER}\n{RIGHT}\nNobody,gate,,Basic,2020-09-01T00:00:00Z,\n")
    with pytest.raises(CommandError, match=r"1 line has errors\. Nothing was imported") as refused:
        call_command("import_usage", file, verbosity=0)
    assert refused.value.returncode == 1
    assert capsys.readouterr().err.startswith("line 3: Organization “Nobody” does not exist")
    assert not Camera.objects.exists()


def test_the_command_names_a_file_that_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.csv cannot be read: No such file"):
        call_command("import_usage", tmp_path / "missing.csv")
