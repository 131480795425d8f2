"""A currency that ISO 4217 withdraws is still shown wherever amounts in it are stored.

ISO withdrew BGN on 2026-01-01, so the package iso4217 does not have it. It stands for any.
"""

import io
from collections.abc import Iterator

import pytest
from django.db import connection
from iso4217 import Currency
from pypdf import PdfReader

from invoices.documents import xml
from invoices.documents.issued import document_of
from invoices.issuing.operations import cancel
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER
from payments.tests.factories import a_payment
from rating.currencies import currency_number
from tariffs.models import Tariff
from tests.addresses import PEOPLE, ROUTES, ROWS, World, make_world, row_of
from tests.test_access import outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("captured_mail")]

WITHDRAWN, BEFORE = "BGN", "EUR"
# Not all that do: those that would be missed first.
SHOW_AMOUNTS = {
    "operator": {
        "/",
        "/accounting/journal.csv",
        "/accounting/taxes/",
        "/bank/lines/<int:pk>/",
        "/invoices/",
        "/invoices/<int:pk>.xml",
        "/invoices/<int:pk>/",
        "/invoices/<int:pk>/history/",
        "/invoices/export.csv",
        "/invoices/receivables/",
        "/invoices/uninvoiced/",
        "/organizations/<int:pk>/account/",
        "/organizations/<int:pk>/agreement/",
        "/organizations/<int:pk>/usages/",
        "/organizations/<int:pk>/usages.csv",
        "/payments/",
        "/payments/<int:pk>/history/",
        "/reminders/<int:pk>/",
        "/simulations/<uuid:pk>/",
        "/tariffs/",
        "/tariffs/<int:tariff_id>/edit/",
        "/tariffs/<int:tariff_id>/history/",
    },
    "support": {"/admin/invoices/invoice/", "/admin/payments/payment/", "/admin/tariffs/tariff/"},
    "owner": {"/invoices/<int:pk>/", "/payments/<int:pk>/", "/organizations/<int:pk>/usages/"},
}
COLUMNS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    AND (column_name ~ '(^|_)(base|currency|currency_number)$' OR data_type = 'jsonb')
    AND table_name !~ '^(django|procrastinate|pghistory)_'
"""


def store_all_as_withdrawn() -> list[str]:
    """Put everything that is stored in euro into a currency that is withdrawn; return the tables.

    No trigger runs: it is what was stored before the withdrawal.
    """
    quoted, changed = connection.ops.quote_name, []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(COLUMNS)
        for table, column, kind in cursor.fetchall():
            into, name = quoted(table), quoted(column)
            match kind:
                case "jsonb":
                    cursor.execute(
                        f"UPDATE {into} SET {name} = replace({name}::text, %s, %s)::jsonb"
                        f" WHERE {name}::text LIKE %s",
                        [f'"{BEFORE}"', f'"{WITHDRAWN}"', f'%"{BEFORE}"%'],
                    )
                case "character varying":
                    cursor.execute(
                        f"UPDATE {into} SET {name} = %s WHERE {name} = %s", [WITHDRAWN, BEFORE]
                    )
                case _:
                    numbers = [currency_number(WITHDRAWN), currency_number(BEFORE)]
                    cursor.execute(f"UPDATE {into} SET {name} = %s WHERE {name} = %s", numbers)
            changed += [table] if cursor.rowcount else []
        cursor.execute("SET LOCAL session_replication_role = origin")
    return changed


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    changed = store_all_as_withdrawn()
    assert {"invoices_invoice", "payments_payment", "tariffs_tariff", "organizations_fee"} <= {
        *changed
    }
    return world


def of_role(world: World, person: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses that a person may read, with what the table says of each."""
    for route in ROUTES:
        said = ROWS[row_of(route)].get[PEOPLE.index(person)]
        if said == "200":
            yield route, world.fill(route)


def test_the_currency_is_withdrawn() -> None:
    assert WITHDRAWN not in {each.code for each in Currency}


@pytest.mark.parametrize("person", ["operator", "support", "owner"])
def test_every_page_and_file_is_shown(world: World, person: str) -> None:
    client, shown, failed = world.client(person), [], []
    for route, address in of_role(world, person):
        answer = client.get(address)
        content = answer.getvalue()
        if str(answer.status_code) != "200" or outcome(answer) != "200":
            failed.append((route, answer.status_code))
        elif WITHDRAWN.encode() in content:
            shown.append(route)

    assert failed == []
    assert set(shown) >= SHOW_AMOUNTS[person]


def test_the_pdf_of_an_invoice_is_printed(world: World) -> None:
    invoice = Invoice.objects.filter(currency=WITHDRAWN).earliest("pk")
    file = world.client("operator").get(f"/invoices/{invoice.pk}.pdf").getvalue()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)

    assert f"{WITHDRAWN} 9.00" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert (
        f'currencyID="{WITHDRAWN}"'.encode()
        in world.client("operator").get(f"/invoices/{invoice.pk}.ubl.xml").getvalue()
    )


def test_what_is_stored_can_still_be_paid_and_cancelled(world: World) -> None:
    # As after an issue: months of this currency may be invoiced, and then corrected, later.
    invoice = Invoice.objects.in_force().filter(currency=WITHDRAWN).latest("pk")
    payment = a_payment(invoice)
    credit_note = cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert (payment.currency, credit_note.currency) == (WITHDRAWN, WITHDRAWN)
    assert xml.cii(document_of(credit_note))


def test_a_withdrawn_currency_is_offered_only_where_it_was_chosen(world: World) -> None:
    tariff = Tariff.objects.filter(currency=WITHDRAWN).earliest("pk")
    option = f'<option value="{WITHDRAWN}"'

    assert option not in world.client("operator").get("/tariffs/add/").text
    assert option in world.client("operator").get(f"/tariffs/{tariff.pk}/edit/").text
