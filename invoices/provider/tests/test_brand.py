"""What pages and emails show of the provider."""

import struct

import pytest
from django.test import Client

from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver
from invoices.documents.printing import picture_for_mail
from invoices.documents.tests.pictures import JPEG, png, svg
from invoices.provider.models import Logo
from invoices.tests.factories import ProviderFactory, issued_invoice
from tests.jobs import run_jobs
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db


def test_the_name_in_the_header_is_on_every_page(operator_client: Client) -> None:
    assert "Camera billing" in operator_client.get("/organizations/").text

    ProviderFactory.create(product_name="Watch & Pay")

    for client, address in ((operator_client, "/organizations/"), (Client(), "/accounts/login/")):
        page = client.get(address).text
        assert "· Watch &amp; Pay</title>" in page
        assert "Camera billing" not in page


def test_mails_name_the_provider_and_say_why(
    operator_client: Client, smtp_server: MailServer
) -> None:
    ProviderFactory.create(name="Watchful GmbH", email="help@watchful.example", product_name="W")
    user = OwnerFactory.create(email="ann@example.com", password=None)

    operator_client.post(f"/accounts/{user.pk}/resend-activation/")
    deliver()

    (mail,) = smtp_server.messages
    assert mail["From"].startswith("Watchful GmbH <")
    assert mail["Reply-To"] == "help@watchful.example"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert "Questions? Write to help@watchful.example" in text
        assert "You get this email because ann@example.com has an account in W." in text


def test_a_drawn_logo_is_a_picture_of_the_size_that_mails_show() -> None:
    size = struct.Struct(">II")
    wide, high = svg(""), svg("").replace(b'width="40" height="20"', b'width="20" height="200"')

    red, blue = (
        picture_for_mail(svg(f'<circle r="9" fill="{colour}"/>')) for colour in ("red", "blue")
    )

    assert size.unpack_from(picture_for_mail(wide) or b"", 16) == (240, 120)
    assert size.unpack_from(picture_for_mail(high) or b"", 16) == (12, 120)
    assert red != blue
    assert picture_for_mail(b"<svg") is None


@pytest.mark.parametrize(
    ("content", "parts"),
    [(png(9, 9), ["image/png"]), (JPEG, ["image/jpeg"]), (svg(""), ["image/png"]), (b"<svg", [])],
)
def test_mails_show_logos_also_those_that_are_drawn(
    operator_client: Client, smtp_server: MailServer, content: bytes, parts: list[str]
) -> None:
    logo = Logo.of(content)
    logo.save()
    ProviderFactory.create(logo=logo)
    user = OwnerFactory.create(password=None)

    operator_client.post(f"/accounts/{user.pk}/resend-activation/")
    deliver()

    (mail,) = smtp_server.messages
    assert [part.get_content_type() for part in mail.iter_attachments()] == parts
    assert ("cid:logo" in text_of(mail, "html")) == bool(parts)


@pytest.mark.django_db(transaction=True)
def test_the_mail_of_an_invoice_says_why_and_can_be_edited(
    operator_client: Client, smtp_server: MailServer
) -> None:
    address = "/mail-texts/invoice/en/"
    texts = {"subject": "{number}!", "introduction": "Please pay {total} by {due}, {name}."}
    version = operator_client.get(address).context["version"]
    operator_client.post(address, {**texts, "version": version})
    invoice = issued_invoice()

    run_jobs()

    (mail,) = smtp_server.messages
    assert mail["Subject"] == f"{invoice.number}!"
    text = text_of(mail)
    assert "Please pay " in text
    assert f", {invoice.buyer_name}." in text
    assert f"for {invoice.organization_title} are sent to this address." in text


def test_a_forgotten_password_mail_says_why(client: Client, smtp_server: MailServer) -> None:
    ProviderFactory.create(name="Watchful GmbH")
    user = OwnerFactory.create()

    client.post("/accounts/password/reset/", {"email": user.email})
    deliver()

    (mail,) = smtp_server.messages
    assert f"because {user.email} has an account" in text_of(mail)
    assert "Watchful GmbH" in text_of(mail)
