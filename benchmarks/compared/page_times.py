"""Time every page that people see, of a database that holds the demonstration.

Takes `{"requests": 20, "only": ""}`: how often to request each page, and a text that its address
must contain. Returns, by page, the `median` and the `least` milliseconds of a request, the least
processor time of this process (`cpu`), and the number of `queries` and of `bytes`.

A page is requested from the WSGI application as gunicorn does it, with the settings of production.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from inspect import signature
from statistics import median
from time import perf_counter, process_time
from typing import Any

from local_run.environment import fill_environment, var_dir

os.environ |= {"DJANGO_SETTINGS_MODULE": "billing_admin.settings", "LOG_FORMAT": "json"}
fill_environment(var_dir(), 8000)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from accounts.tests.factories import OwnerFactory  # noqa: E402
from accounts.tokens import activation_token  # noqa: E402
from billing_admin.wsgi import application  # noqa: E402
from demo.sign_ins import SIGN_INS  # noqa: E402
from foundation.imports.uploads import keep_upload  # noqa: E402
from invoices.models import Invoice  # noqa: E402
from local_run.preparation import collect_static  # noqa: E402
from organizations.models import BillingDetails, Organization, TaxPercent  # noqa: E402
from organizations.tests.factories import BillingDetailsFactory  # noqa: E402
from payments.models import Payment  # noqa: E402
from tariffs.models import TariffPrice  # noqa: E402
from tariffs.tests.factories import TariffPriceFactory  # noqa: E402
from tests.addresses import ROUTES, ROWS, World, row_of  # noqa: E402
from usage.models import Camera, UsageImport  # noqa: E402
from usage.tests.factories import UsageImportFactory  # noqa: E402


def main(requests: int = 20, only: str = "") -> dict[str, dict[str, float]]:
    """Time the pages."""
    collect_static(var_dir() / "static.stamp")
    world = _world()
    cookies = {person: _session_of(user) for person, user in world.people.items()}
    found = {}
    for route in ROUTES:
        person, address = _reader(route), route if "<" not in route else _filled(world, route)
        if not person or not address or only not in route:
            continue
        page = _Page(application, address, cookies[person])
        if page.answer.startswith("200") and page.type.startswith("text/html"):
            found[f"{route} ({person})"] = page.timed(requests)
    return found


class _Page:
    """A page, requested by a person's browser."""

    def __init__(self, application: Any, address: str, session: str) -> None:
        self._application = application
        path, _, query = address.partition("?")
        self._environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={'t' * 32}",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
        }
        self.answer, self.type = "", ""
        self.content = self.get()

    def get(self) -> bytes:
        """Request the page."""
        parts = self._application(
            self._environ | {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}, self._begin
        )
        try:
            return b"".join(parts)
        finally:
            parts.close()

    def _begin(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.answer, self.type = status, dict(headers).get("Content-Type", "")

    def timed(self, requests: int) -> dict[str, float]:
        """Return times of a request in milliseconds, and the number of its queries."""
        with CaptureQueriesContext(connection) as queries:
            self.get()
        number = len(queries)
        wall, cpu = zip(*(_milliseconds(self.get) for _ in range(requests)), strict=True)
        return {
            "median": median(wall),
            "least": min(wall),
            "cpu": min(cpu),
            "queries": number,
            "bytes": len(self.content),
        }


def _milliseconds(action: Callable[[], object]) -> tuple[float, float]:
    """Return the time that an action takes, and the processor time of this process."""
    begin, cpu = perf_counter(), process_time()
    action()
    return (perf_counter() - begin) * 1000, (process_time() - cpu) * 1000


def _session_of(user: User | None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value if user else ""


def _reader(route: str) -> str | None:
    """Return who reads a page: the operator if possible, otherwise support or anybody."""
    got = dict(zip(("nobody", "owner", "other", "support", "operator"), _row(route), strict=True))
    readers = (person for person in ("operator", "support", "nobody") if got[person] == "200")
    return next(readers, None)


def _row(route: str) -> tuple[str, ...]:
    return ROWS[row_of(route)].get


def _filled(world: World, route: str) -> str | None:
    try:
        return world.fill(route)
    except KeyError:
        return None


def _kept(tasks: str, *, content: bytes, **file: Any) -> Any:
    """Keep an uploaded file; the earlier build took its content whole, and read it at once."""
    keep: Any = keep_upload
    if "content" in signature(keep_upload).parameters:
        return keep(content=content, **file)
    return keep(chunks=[content], task=import_module(tasks).read_upload, **file)


def _world() -> World:
    """Return the people of the demonstration, and the largest of its objects."""
    people: dict[str, User | None] = {
        role: User.objects.get(email=email) for role, email, _ in SIGN_INS
    }
    organization = Organization.objects.annotate(n=Count("cameras")).order_by("-n", "pk")[0]
    invoice = Invoice.objects.annotate(n=Count("lines")).order_by("-n", "pk")[0]
    camera = Camera.objects.filter(organization=organization).order_by("pk")[0]
    operator, now = people[Role.OPERATOR], timezone.now()
    assert operator
    price, rate, details, done, invited = _added(organization)
    content = f"camera,organization\n{camera.name},{organization.title}\n".encode()
    uploads = [
        _kept(
            f"{kind}.tasks", kind=kind, user_id=operator.pk, name="a.csv", now=now, content=content
        )
        for kind in ("usage", "payments")
    ]
    payment = Payment.objects.order_by("pk")[0]
    things = [organization, price.tariff, rate.tax, camera, invoice, payment, operator]
    return World(
        people=people | {"nobody": None},
        secrets={},
        values={
            "/accounts/<int:pk>": operator.pk,
            "/accounts/activate/<str:token>": activation_token(invited),
            "/accounts/password/reset/key/<uidb36>": "1",
            "/accounts/password/reset/key/<uidb36>-<key>": "not-a-key",
            "/admin/<app_label>": "usage",
            "/cameras/<int:pk>": camera.pk,
            "/invoices/<int:pk>": invoice.pk,
            "/invoices/payments/<int:pk>": payment.pk,
            "/invoices/payments/import/<uuid:pk>": uploads[1].pk,
            "/invoices/runs/<month:month>": f"{now:%Y-%m}",
            "/organizations/<int:pk>": organization.pk,
            "/organizations/<int:pk>/billing/<int:version>": details.pk,
            "/tariffs/<int:tariff_id>": price.tariff_id,
            "/tariffs/<int:tariff_id>/prices/<int:price_id>": price.pk,
            "/taxes/<int:tax_id>": rate.tax_id,
            "/taxes/<int:tax_id>/percents/<int:rate_id>": rate.pk,
            "/usage/import/<uuid:pk>": uploads[0].pk,
            "/usage/imports/<int:pk>": done.pk,
            **{
                f"/admin/{meta.app_label}/{meta.model_name}/<path:object_id>": thing.pk
                for thing in things
                for meta in [thing._meta]
            },
        },
    )


def _added(organization: Organization) -> Any:
    """Return what the demonstration lacks: future versions, an import and an invited owner."""
    day = date(2199, 1, 1)
    later = {"valid_from": day}
    with transaction.atomic():
        price = TariffPrice.objects.filter(**later).first() or TariffPriceFactory.create(
            tariff=organization.tariffs.order_by("pk")[0], **later
        )
        tax = TaxPercent.objects.order_by("pk")[0].tax
        rate, _ = tax.percents.get_or_create(**later, defaults={"percent": 9})
        details = BillingDetails.objects.filter(**later).first() or BillingDetailsFactory.create(
            organization=organization, tax=tax, **later
        )
        done = UsageImport.objects.first() or UsageImportFactory.create()
        invited = User.objects.filter(password__startswith="!").first() or OwnerFactory.create(
            password=None
        )
    return price, rate, details, done, invited


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
