"""Which headings of other systems are proposed for our columns."""

import pytest

from organizations.imports.uploads import KIND


@pytest.mark.parametrize(
    ("headings", "proposed"),
    [
        (
            "Первый день теста;Последний день теста;entry;Первый день;Последний день",
            "trial_first;trial_last;entry;first_day;last_day",
        ),
        ("Первый день теста;Последний день теста", "trial_first;trial_last"),
        ("Тест с;Тест по", "trial_first;trial_last"),  # noqa: RUF001
        ("Начало теста;Конец теста", "trial_first;trial_last"),
        ("Начало пробного периода;Конец пробного периода", "trial_first;trial_last"),
        ("Последний день договора;Последний день;entry", "contract_end;last_day;entry"),
        ("Последний день договора;Последний день", "contract_end;"),
        ("First day of test;Last day of test", "trial_first;trial_last"),
        ("Entry;Trial to;Tariff plan;Tariff plans", "entry;trial_last;tariff;tariffs"),
        # A file without entries says nothing about agreements.
        ("Trial from;Tariff plans;Tariff plan;Amount", "trial_first;tariffs;;"),
        ("Titel;Tarife", "title;"),
        ("First day of contract;Last day of the contract", ";contract_end"),
        ("First day of use;Последний день аренды", ";"),
        ("Tax;Tax ID;Tax office", "tax;tax_id;"),
        ("Owner;Owner’s name;Owner’s telephone", "owner;owner_name;"),
    ],
)
def test_each_heading_is_proposed_for_the_column_that_it_names(
    headings: str, proposed: str
) -> None:
    columns = {
        heading: name for name, heading in KIND.columns.proposed(headings.split(";")).items()
    }

    assert [columns.get(heading, "") for heading in headings.split(";")] == proposed.split(";")
