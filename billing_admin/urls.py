"""URLs of the product; each app has its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from billing_admin import health

handler500 = "billing_admin.errors.failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reports.urls")),
    path("organizations/", include("organizations.urls")),
    path("tariffs/", include("tariffs.urls")),
    path("taxes/", include("organizations.taxes.urls")),
    path("", include("usage.urls")),
    path("", include("payments.urls")),
    path("", include("invoices.urls")),
    path("accounting/", include("accounting.urls")),
    path("api/", include("api.urls")),
    path("accounts/", include("accounts.urls")),
    path("mail-texts/", include("accounts.mail_texts.urls")),
    path("saved-filters/", include("accounts.saved_filters.urls")),
    path("people/", include("accounts.people.urls")),
    path("bank/", include("bank.urls")),
    path("", include("debits.urls")),
    path("", include("reminders.urls")),
    path("watcher/", include("watcher.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
]
if settings.SHOW_CAPTURED_MAIL:
    # Included by name, because production does not have this package.
    urlpatterns.append(path("dev/mail/", include("local_run.urls")))
