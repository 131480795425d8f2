"""All addresses of the product, who gets what there, and objects to fill them in with.

An address without a row in the table fails tests/test_access.py.
"""

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admindocs.views import simplify_regex
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from accounting.tests.factories import a_closing, a_revenue_account
from accounts.models import User
from accounts.people.models import AddressChange
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from accounts.tokens import activation_token, address_token
from api.tests.factories import a_token
from bank.csv_files import receive_csv
from bank.tests.factories import a_line
from debits.tests.factories import a_stored_batch
from foundation.imports.uploads import keep_upload
from invoices.checking.models import DocumentCheck
from invoices.documents.tests.pictures import svg
from invoices.many.models import DocumentFile, Mailing
from invoices.provider.french_models import FrenchNotes
from invoices.provider.models import Logo, Provider
from invoices.rates.tests.factories import ExchangeRateFactory
from invoices.runs.schedule_models import RunSchedule
from invoices.terms.tests.factories import an_account_for
from invoices.tests.factories import BilledUseFactory, ProviderFactory, issued_invoice
from organizations import tasks as organization_tasks
from organizations.addresses.tests.factories import a_proposal
from organizations.members.models import MemberRole
from organizations.tests.factories import (
    BillingDetailsFactory,
    FeeFactory,
    OrganizationFactory,
    PartnershipFactory,
    a_tax,
)
from payments import tasks as payment_tasks
from payments.tests.factories import a_deposit, a_payment
from reminders.questions.operations import ask
from reminders.tests.factories import a_level, a_sent_reminder, an_arrangement
from reports.simulation.changes import ListPriceChange, stored
from reports.simulation.models import Simulation
from tariffs.tests.factories import TariffPriceFactory
from usage import tasks as usage_tasks
from usage.imports.undo_jobs import UNDONE
from usage.models import Camera
from usage.tests.factories import UsageImportFactory
from watcher.drift.comparing import store_sums
from watcher.models import ReadingState, ReportState
from watcher.tests.factories import (
    ConnectionFactory,
    PlatformOrganizationFactory,
    PlatformPresetFactory,
)
from watcher.tests.rows import rows_of_watcher
from watcher.writing.tests.factories import WriteRequestFactory

PEOPLE = ("nobody", "owner", "other", "support", "operator")

# The two columns, GET and POST, say what each of PEOPLE gets, in that order: the status of the
# response; `in` for a redirect to the sign-in page; `go` for any other redirect. "owner" owns the
# object that the address names; "other" is an owner who does not. A POST sends only a CSRF token.
# A reader gets what the owner gets, except at the addresses of NOT_FOR_READERS.
TABLE = """
/                                                        | in  go  go  200 200 | in  405 405 405 405
/accounting/                                             | in  403 403 200 200 | in  405 405 405 405
/accounting/closing/                                     | in  403 403 200 200 | in  405 405 405 405
/accounting/closing/<int:pk>/reopen/                     | in  403 403 403 200 | in  403 403 403 200
/accounting/closing/close/                               | in  405 405 405 405 | in  403 403 403 go
/accounting/commerceml.xml                               | in  403 403 200 200 | in  405 405 405 405
/accounting/datev.csv                                    | in  403 403 400 400 | in  405 405 405 405
/accounting/journal.csv                                  | in  403 403 200 200 | in  405 405 405 405
/accounting/journal.xlsx                                 | in  403 403 200 200 | in  405 405 405 405
/accounting/revenue-accounts/                            | in  403 403 200 200 | in  405 405 405 405
/accounting/revenue-accounts/<int:pk>/                   | in  403 403 403 200 | in  403 403 403 200
/accounting/revenue-accounts/add/                        | in  403 403 403 200 | in  403 403 403 200
/accounting/settings/                                    | in  403 403 403 200 | in  403 403 403 200
/accounting/taxes.csv                                    | in  403 403 200 200 | in  405 405 405 405
/accounting/taxes.xlsx                                   | in  403 403 200 200 | in  405 405 405 405
/accounting/taxes/                                       | in  403 403 200 200 | in  405 405 405 405
/accounts/<int:pk>/history/                              | in  403 403 200 200 | in  405 405 405 405
/accounts/<int:pk>/resend-activation/                    | in  403 403 405 405 | in  403 403 go  go
/accounts/address/<str:token>/                           | 200 200 200 200 200 | 200 200 200 200 200
/accounts/activate/<str:token>/                          | 200 200 200 200 200 | 200 200 200 200 200
/accounts/inactive/                                      | 200 200 200 200 200 | 405 405 405 405 405
/accounts/language/                                      | 405 405 405 405 405 | go  go  go  go  go
/accounts/login/                                         | 200 go  go  go  go  | 200 go  go  go  go
/accounts/logout/                                        | 405 405 405 405 405 | in  in  in  in  in
/accounts/notices/                                       | in  403 403 200 200 | in  405 405 405 405
/accounts/password/change/                               | in  200 200 200 200 | in  200 200 200 200
/accounts/password/reset/                                | 200 200 200 200 200 | 200 200 200 200 200
/accounts/password/reset/done/                           | 200 200 200 200 200 | 405 405 405 405 405
/accounts/password/reset/key/<uidb36>-<key>/             | 200 200 200 200 200 | 200 200 200 200 200
/accounts/password/reset/key/done/                       | 200 200 200 200 200 | 405 405 405 405 405
/accounts/time-zone/                                     | in  200 200 200 200 | in  200 200 200 200
/admin/                                                  | in  403 403 200 403 | in  403 403 200 403
/admin/<app>/<model>/                                    | in  403 403 200 403 | in  403 403 200 403
/admin/<app>/<model>/<path:object_id>/                   | in  403 403 go  403 | in  403 403 go  403
/admin/<app>/<model>/<path:object_id>/change/            | in  403 403 200 403 | in  403 403 403 403
/admin/<app>/<model>/<path:object_id>/delete/            | in  403 403 403 403 | in  403 403 403 403
/admin/<app>/<model>/<path:object_id>/history/           | in  403 403 go  403 | in  403 403 go  403
/admin/<app>/<model>/add/                                | in  403 403 403 403 | in  403 403 403 403
/admin/<app_label>/                                      | in  403 403 200 403 | in  403 403 200 403
/admin/<url>                                             | in  403 403 404 403 | in  403 403 404 403
/admin/autocomplete/                                     | in  403 403 403 403 | in  403 403 405 403
/admin/jsi18n/                                           | in  403 403 200 403 | in  403 403 405 403
/admin/login/                                            | in  403 403 in  403 | in  403 403 in  403
/admin/logout/                                           | in  403 403 405 403 | in  403 403 in  403
/admin/password_change/                                  | in  403 403 go  403 | in  403 403 go  403
/admin/password_change/done/                             | in  403 403 200 403 | in  403 403 405 403
/admin/r/<path:content_type_id>/<path:object_id>/        | in  403 403 404 403 | in  403 403 404 403
/api/tokens/                                             | in  200 200 200 200 | in  405 405 405 405
/api/tokens/<int:pk>/                                    | in  200 404 404 200 | in  405 405 405 405
/api/tokens/<int:pk>/revoke/                             | in  200 404 404 200 | in  go  404 404 go
/api/tokens/add/                                         | in  200 200 200 200 | in  200 200 200 200
/api/v1/                                                 | 404 404 404 404 404 | 404 404 404 404 404
/api/v1/cameras/<int:pk>/uses                            | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/invoices                                         | 401 200 200 200 200 | 405 405 405 405 405
/api/v1/invoices/<int:pk>                                | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/invoices/<int:pk>/cancel                         | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/invoices/<int:pk>/cii                            | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/invoices/<int:pk>/payments                       | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/invoices/<int:pk>/pdf                            | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/invoices/<int:pk>/ubl                            | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/openapi.json                                     | 200 200 200 200 200 | 405 405 405 405 405
/api/v1/organizations                                    | 401 200 200 200 200 | 401 403 403 403 415
/api/v1/organizations/<int:pk>                           | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/organizations/<int:pk>/cameras                   | 401 200 404 200 200 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/cameras/change-tariff     | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/cameras/disconnect        | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/cameras/move              | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/close                     | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/invoices                  | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/invoices/preview          | 401 422 422 422 422 | 405 405 405 405 405
/api/v1/organizations/<int:pk>/payments                  | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/reopen                    | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/organizations/<int:pk>/statement                 | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/organizations/<int:pk>/statement/charges.csv     | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/organizations/<int:pk>/statement/charges.ndjson  | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/payments                                         | 401 200 200 200 200 | 405 405 405 405 405
/api/v1/payments/<int:pk>                                | 401 200 404 200 200 | 405 405 405 405 405
/api/v1/payments/<int:pk>/reverse                        | 405 405 405 405 405 | 401 403 403 403 415
/api/v1/tariffs                                          | 401 403 403 200 200 | 401 403 403 403 415
/api/v1/tariffs/<int:pk>                                 | 401 403 403 200 200 | 405 405 405 405 405
/api/v1/tariffs/<int:pk>/prices                          | 405 405 405 405 405 | 401 403 403 403 415
/bank/                                                   | in  403 403 200 200 | in  405 405 405 405
/bank/accounts/                                          | in  403 403 200 200 | in  405 405 405 405
/bank/accounts/<int:pk>/                                 | in  403 403 403 200 | in  403 403 403 200
/bank/accounts/<int:pk>/columns/                         | in  403 403 403 200 | in  403 403 403 200
/bank/accounts/<int:pk>/columns/forget/                  | in  405 405 405 405 | in  403 403 403 go
/bank/accounts/add/                                      | in  403 403 403 200 | in  403 403 403 200
/bank/files/                                             | in  403 403 200 200 | in  405 405 405 405
/bank/files/<int:pk>/                                    | in  403 403 200 200 | in  405 405 405 405
/bank/lines/<int:pk>/                                    | in  403 403 200 200 | in  405 405 405 405
/bank/lines/<int:pk>/ignore/                             | in  403 403 403 go  | in  403 403 403 200
/bank/lines/<int:pk>/record/                             | in  403 403 403 go  | in  403 403 403 200
/bank/lines/<int:pk>/record-batch/                       | in  405 405 405 405 | in  403 403 403 go
/bank/lines/<int:pk>/take-back/                          | in  405 405 405 405 | in  403 403 403 go
/bank/lines/<int:pk>/undo/                               | in  405 405 405 405 | in  403 403 403 go
/bank/match/                                             | in  405 405 405 405 | in  403 403 403 go
/bank/upload/                                            | in  403 403 403 200 | in  403 403 403 200
/cameras/                                                | in  200 200 200 200 | in  405 405 405 405
/cameras/<int:pk>/                                       | in  200 404 200 200 | in  405 405 405 405
/cameras/<int:pk>/history/                               | in  403 403 200 200 | in  405 405 405 405
/cameras/<int:pk>/move/                                  | in  403 403 403 200 | in  403 403 403 404
/cameras/<int:pk>/title/                                 | in  403 403 403 200 | in  403 403 403 200
/cameras/planned/                                        | in  403 403 200 200 | in  405 405 405 405
/cameras/planned/dismiss/                                | in  405 405 405 405 | in  403 403 403 go
/cameras/planned/withdraw/                               | in  405 405 405 405 | in  403 403 403 go
/cameras/move/organizations/                             | in  403 403 403 200 | in  403 403 403 405
/debits/                                                 | in  403 403 200 200 | in  405 405 405 405
/debits/<int:pk>/                                        | in  403 403 200 200 | in  405 405 405 405
/debits/<int:pk>/collected/                              | in  405 405 405 405 | in  403 403 403 go
/debits/<int:pk>/file.xml                                | in  403 403 200 200 | in  405 405 405 405
/debits/<int:pk>/withdraw/                               | in  405 405 405 405 | in  403 403 403 go
/debits/collections/<int:pk>/                            | in  403 403 403 200 | in  403 403 403 200
/debits/make/                                            | in  403 403 403 200 | in  403 403 403 go
/debits/settings/                                        | in  403 403 403 200 | in  403 403 403 200
/dev/mail/                                               | 200 200 200 200 200 | 405 405 405 405 405
/dev/mail/<str:name>/<int:number>/                       | 200 200 200 200 200 | 405 405 405 405 405
/healthz                                                 | 200 200 200 200 200 | 405 405 405 405 405
/invoices/                                               | in  200 200 200 200 | in  405 405 405 405
/invoices/<int:pk>.fa3.xml                               | in  404 404 404 404 | in  405 405 405 405
/invoices/<int:pk>.pdf                                   | in  200 404 200 200 | in  405 405 405 405
/invoices/<int:pk>.ubl.xml                               | in  200 404 200 200 | in  405 405 405 405
/invoices/<int:pk>.xml                                   | in  200 404 200 200 | in  405 405 405 405
/invoices/<int:pk>/                                      | in  200 404 200 200 | in  405 405 405 405
/invoices/<int:pk>/cancel/                               | in  403 403 403 200 | in  403 403 403 go
/invoices/<int:pk>/charges.csv                           | in  200 404 200 200 | in  405 405 405 405
/invoices/<int:pk>/charges/                              | in  200 404 200 200 | in  405 405 405 405
/invoices/<int:pk>/differences/                          | in  403 403 200 200 | in  405 405 405 405
/invoices/<int:pk>/history/                              | in  403 403 200 200 | in  405 405 405 405
/invoices/<int:pk>/payments/add/                         | in  403 403 403 200 | in  403 403 403 200
/invoices/<int:pk>/question/                             | in  200 404 403 200 | in  200 404 403 200
/invoices/<int:pk>/payments/write-off/                   | in  403 403 403 200 | in  403 403 403 200
/invoices/<int:pk>/withdraw/                             | in  405 405 405 405 | in  403 403 403 go
/invoices/<int:pk>/send/                                 | in  405 405 405 405 | in  403 403 403 go
/invoices/export.csv                                     | in  200 200 200 200 | in  405 405 405 405
/invoices/export.xlsx                                    | in  200 200 200 200 | in  405 405 405 405
/invoices/check/                                         | in  403 403 200 200 | in  403 403 200 200
/invoices/check/<uuid:pk>/                               | in  403 403 200 200 | in  403 403 go  go
/invoices/files/<uuid:pk>.zip                            | in  404 404 404 200 | in  405 405 405 405
/invoices/files/<uuid:pk>/                               | in  404 404 404 200 | in  405 405 405 405
/invoices/late-usage/                                    | in  403 403 200 200 | in  405 405 405 405
/invoices/mailings/<uuid:pk>/                            | in  403 403 200 200 | in  405 405 405 405
/invoices/pack/                                          | in  go  go  go  go  | in  go  go  go  go
/invoices/payments/<int:pk>/reverse/                     | in  403 403 403 200 | in  403 403 403 200
/invoices/payments/import/                               | in  403 403 403 200 | in  403 403 403 200
/invoices/payments/import/<uuid:pk>/                     | in  403 403 403 200 | in  403 403 403 go
/invoices/payments/import/<uuid:pk>/columns/             | in  403 403 403 go  | in  403 403 403 go
/invoices/payments/import/<uuid:pk>/columns/forget/      | in  405 405 405 405 | in  403 403 403 go
/invoices/payments/import/<uuid:pk>/leave-out/           | in  405 405 405 405 | in  403 403 403 go
/invoices/payments/import/<uuid:pk>/left-out/            | in  403 403 403 404 | in  405 405 405 405
/invoices/payments/import/<uuid:pk>/discard/             | in  405 405 405 405 | in  403 403 403 go
/invoices/receivables/                                   | in  403 403 200 200 | in  405 405 405 405
/invoices/receivables/export.csv                         | in  403 403 200 200 | in  405 405 405 405
/invoices/receivables/export.xlsx                        | in  403 403 200 200 | in  405 405 405 405
/invoices/runs/                                          | in  403 403 200 200 | in  405 405 405 405
/invoices/runs/schedules/                                | in  403 403 200 200 | in  403 403 403 200
/invoices/runs/schedules/<int:pk>/delete/                | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/schedules/<int:pk>/edit/                  | in  403 403 403 200 | in  403 403 403 200
/invoices/runs/schedules/<int:pk>/pause/                 | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/<month:month>/                            | in  403 403 200 200 | in  405 405 405 405
/invoices/runs/<month:month>/accept/                     | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/<month:month>/exclude/                    | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/<month:month>/history/                    | in  403 403 404 404 | in  405 405 405 405
/invoices/runs/<month:month>/include/                    | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/<month:month>/release/                    | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/<month:month>/start/                      | in  405 405 405 405 | in  403 403 403 go
/invoices/runs/<month:month>/withdraw/                   | in  405 405 405 405 | in  403 403 403 go
/invoices/provider/                                      | in  403 403 200 200 | in  403 403 403 200
/invoices/provider/accounts/                             | in  403 403 200 200 | in  405 405 405 405
/invoices/provider/accounts/<int:pk>/                    | in  403 403 403 200 | in  403 403 403 200
/invoices/provider/accounts/<int:pk>/delete/             | in  405 405 405 405 | in  403 403 403 go
/invoices/provider/accounts/add/                         | in  403 403 403 200 | in  403 403 403 200
/invoices/provider/design/                               | in  403 403 200 200 | in  403 403 403 200
/invoices/provider/design/preview/                       | in  403 403 go  go  | in  405 405 405 405
/invoices/provider/e-invoicing/                          | in  403 403 200 200 | in  403 403 403 200
/invoices/provider/france/                               | in  403 403 200 200 | in  403 403 403 go
/invoices/provider/france/history/                       | in  403 403 200 200 | in  405 405 405 405
/invoices/provider/history/                              | in  403 403 200 200 | in  405 405 405 405
/invoices/provider/logo/                                 | in  200 200 200 200 | in  405 405 405 405
/invoices/provider/rates/                                | in  403 403 200 200 | in  403 403 403 200
/invoices/provider/rates/<int:pk>/delete/                | in  405 405 405 405 | in  403 403 403 go
/invoices/provider/rates/add/                            | in  403 403 403 200 | in  403 403 403 200
/invoices/provider/terms/                                | in  403 403 403 200 | in  403 403 403 go
/invoices/send/                                          | in  403 403 403 go  | in  403 403 403 go
/invoices/settle/                                        | in  403 403 403 go  | in  403 403 403 go
/invoices/settle/next/                                   | in  405 405 405 405 | in  403 403 403 go
/mandates/<int:pk>/end/                                  | in  405 405 405 405 | in  403 403 403 go
/mandates/<int:pk>/use-again/                            | in  405 405 405 405 | in  403 403 403 go
/mail-texts/                                             | in  403 403 200 200 | in  405 405 405 405
/mail-texts/<slug:key>/<slug:language>/                  | in  403 403 200 200 | in  403 403 403 200
/invoices/uninvoiced/                                    | in  403 403 200 200 | in  405 405 405 405
/invoices/uninvoiced/export.csv                          | in  403 403 200 200 | in  405 405 405 405
/invoices/uninvoiced/export.xlsx                         | in  403 403 200 200 | in  405 405 405 405
/organizations/                                          | in  200 200 200 200 | in  405 405 405 405
/organizations/<int:pk>/                                 | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/account.csv                      | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/account.pdf                      | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/account.xlsx                     | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/account/                         | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/address/                         | in  go  404 403 403 | in  200 404 403 403
/organizations/<int:pk>/address/<int:proposal>/          | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/address/<int:proposal>/approve/  | in  405 405 405 405 | in  403 403 403 go
/organizations/<int:pk>/address/<int:proposal>/refuse/   | in  403 403 403 go  | in  403 403 403 200
/organizations/<int:pk>/address/<int:proposal>/withdraw/ | in  go  404 403 403 | in  go  404 403 403
/organizations/<int:pk>/agreement/                       | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/billing/                         | in  200 404 200 200 | in  403 403 403 200
/organizations/<int:pk>/billing/<int:version>/withdraw/  | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/cameras/                         | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/cameras/change-tariff/           | in  403 403 403 go  | in  403 403 403 go
/organizations/<int:pk>/cameras/connect/                 | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/cameras/correct/                 | in  403 403 403 go  | in  403 403 403 go
/organizations/<int:pk>/cameras/disconnect/              | in  403 403 403 go  | in  403 403 403 go
/organizations/<int:pk>/cameras/export.csv               | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/cameras/export.xlsx              | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/cameras/move/                    | in  403 403 403 go  | in  403 403 403 go
/organizations/<int:pk>/close/                           | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/contacts/<int:contact_id>/delete/ | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/contacts/<int:contact_id>/edit/  | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/contacts/add/                    | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/customers.csv                    | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/customers.xlsx                   | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/customers/                       | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/delete/                          | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/edit/                            | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/history/                         | in  403 403 200 200 | in  405 405 405 405
/organizations/<int:pk>/invoices/                        | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/invoices/issue/                  | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/partners/                        | in  403 403 200 200 | in  405 405 405 405
/organizations/<int:pk>/partners/<int:of>/end/           | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/partners/<int:of>/withdraw/      | in  405 405 405 405 | in  403 403 403 go
/organizations/<int:pk>/partners/add/                    | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/invoices/one-off/               | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/people/                          | in  200 404 200 200 | in  403 403 403 200
/organizations/<int:pk>/people/<int:user_id>/remove/     | in  405 405 405 405 | in  403 403 403 go
/organizations/<int:pk>/mandates/                        | in  403 403 200 200 | in  405 405 405 405
/organizations/<int:pk>/mandates/add/                    | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/notes/                           | in  403 403 200 200 | in  403 403 403 200
/organizations/<int:pk>/notes/<int:note_id>/delete/      | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/notes/<int:note_id>/edit/        | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/notes/<int:note_id>/pin/         | in  403 403 403 405 | in  403 403 403 go
/organizations/<int:pk>/payment-terms/                   | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/payments/                        | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/payments/add/                    | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/reopen/                          | in  403 403 403 go  | in  403 403 403 go
/organizations/<int:pk>/simulate/                        | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/tags/                            | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/reminders/<slug>/<int:row>/edit/ | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/reminders/<slug>/<int:row>/end/ | in  405 405 405 405 | in  403 403 403 go
/organizations/<int:pk>/reminders/<slug>/add/       | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/terms/<slug>/<int:term>/edit/    | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/terms/<slug>/<int:term>/end/     | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/terms/<slug>/<int:term>/withdraw/ | in  403 403 403 200 | in  403 403 403 go
/organizations/<int:pk>/terms/<slug>/add/                | in  403 403 403 200 | in  403 403 403 200
/organizations/<int:pk>/usages.csv                       | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/usages.xlsx                      | in  200 404 200 200 | in  405 405 405 405
/organizations/<int:pk>/usages/                          | in  200 404 200 200 | in  405 405 405 405
/organizations/add/                                      | in  403 403 403 200 | in  403 403 403 200
/organizations/addresses/                                | in  403 403 200 200 | in  405 405 405 405
/organizations/change/                                   | in  403 403 403 go  | in  403 403 403 go
/organizations/export.csv                                | in  200 200 200 200 | in  405 405 405 405
/organizations/export.xlsx                               | in  200 200 200 200 | in  405 405 405 405
/organizations/details.csv                               | in  403 403 403 200 | in  405 405 405 405
/organizations/details.xlsx                              | in  403 403 403 200 | in  405 405 405 405
/organizations/import/                                   | in  403 403 403 200 | in  403 403 403 200
/organizations/import/<uuid:pk>/                         | in  403 403 403 200 | in  403 403 403 go
/organizations/import/<uuid:pk>/columns/                 | in  403 403 403 go  | in  403 403 403 go
/organizations/import/<uuid:pk>/columns/forget/          | in  405 405 405 405 | in  403 403 403 go
/organizations/import/<uuid:pk>/leave-out/               | in  405 405 405 405 | in  403 403 403 go
/organizations/import/<uuid:pk>/left-out/                | in  403 403 403 404 | in  405 405 405 405
/organizations/import/<uuid:pk>/discard/                 | in  405 405 405 405 | in  403 403 403 go
/organizations/import/template.csv                       | in  403 403 403 200 | in  405 405 405 405
/organizations/import/template.xlsx                      | in  403 403 403 200 | in  405 405 405 405
/organizations/terms/export.csv                          | in  403 403 403 200 | in  405 405 405 405
/organizations/terms/export.xlsx                         | in  403 403 403 200 | in  405 405 405 405
/organizations/terms/import/                             | in  403 403 403 200 | in  403 403 403 200
/organizations/terms/import/<uuid:pk>/                   | in  403 403 403 200 | in  403 403 403 go
/organizations/terms/import/<uuid:pk>/columns/           | in  403 403 403 go  | in  403 403 403 go
/organizations/terms/import/<uuid:pk>/columns/forget/    | in  405 405 405 405 | in  403 403 403 go
/organizations/terms/import/<uuid:pk>/leave-out/         | in  405 405 405 405 | in  403 403 403 go
/organizations/terms/import/<uuid:pk>/left-out/          | in  403 403 403 404 | in  405 405 405 405
/organizations/terms/import/<uuid:pk>/discard/           | in  405 405 405 405 | in  403 403 403 go
/organizations/owners/                                   | in  403 403 200 200 | in  403 403 405 405
/organizations/owners/add/                               | in  403 403 403 200 | in  403 403 403 200
/payments/                                               | in  200 200 200 200 | in  405 405 405 405
/payments/<int:pk>/                                      | in  200 404 200 200 | in  405 405 405 405
/payments/<int:pk>/allocate/                             | in  403 403 403 200 | in  403 403 403 200
/payments/<int:pk>/allocations/<int:invoice>/undo/       | in  405 405 405 405 | in  403 403 403 go
/payments/<int:pk>/history/                              | in  403 403 200 200 | in  405 405 405 405
/payments/<int:pk>/refund/                               | in  403 403 403 200 | in  403 403 403 200
/payments/<int:pk>/transfer/                             | in  403 403 403 go  | in  403 403 403 go
/people/                                                 | in  403 403 200 200 | in  405 405 405 405
/people/<int:pk>/                                        | in  403 403 200 200 | in  403 403 403 200
/people/<int:pk>/address/                                | in  403 403 403 200 | in  403 403 403 200
/people/<int:pk>/address/withdraw/                       | in  405 405 405 405 | in  403 403 403 go
/people/<int:pk>/block/                                  | in  403 403 403 200 | in  403 403 403 go
/people/<int:pk>/unblock/                                | in  405 405 405 405 | in  403 403 403 go
/people/invite/                                          | in  403 403 403 200 | in  403 403 403 200
/questions/                                              | in  403 403 200 200 | in  405 405 405 405
/questions/<int:pk>/                                     | in  200 404 200 200 | in  200 404 403 200
/reminders/                                              | in  403 403 200 200 | in  405 405 405 405
/reminders/<int:pk>/                                     | in  200 404 200 200 | in  405 405 405 405
/reminders/<int:pk>/decline/                             | in  405 405 405 405 | in  403 403 403 go
/reminders/levels/                                       | in  403 403 200 200 | in  403 403 403 200
/reminders/levels/<int:pk>/                              | in  403 403 403 200 | in  403 403 403 200
/reminders/levels/<int:pk>/history/                      | in  403 403 200 200 | in  405 405 405 405
/reminders/levels/<int:pk>/remove/                       | in  405 405 405 405 | in  403 403 403 go
/reminders/levels/add/                                   | in  403 403 403 200 | in  403 403 403 200
/reminders/send/                                         | in  405 405 405 405 | in  403 403 403 go
/reminders/skip/                                         | in  405 405 405 405 | in  403 403 403 go
/saved-filters/                                          | in  404 404 404 404 | in  404 404 404 404
/saved-filters/<int:pk>/delete/                          | in  405 405 405 405 | in  404 404 404 go
/saved-filters/<int:pk>/edit/                            | in  404 404 404 200 | in  404 404 404 200
/saved-filters/<int:pk>/update/                          | in  405 405 405 405 | in  404 404 404 go
/simulations/                                            | in  403 403 200 200 | in  405 405 405 405
/simulations/<uuid:pk>/                                  | in  403 403 200 200 | in  405 405 405 405
/simulations/<uuid:pk>/cancel/                           | in  405 405 405 405 | in  403 403 403 go
/simulations/<uuid:pk>/export.csv                        | in  403 403 200 200 | in  405 405 405 405
/simulations/<uuid:pk>/export.xlsx                       | in  403 403 200 200 | in  405 405 405 405
/simulations/<uuid:pk>/cameras/<int:of>/                 | in  403 403 200 200 | in  405 405 405 405
/simulations/forecast/                                   | in  405 405 405 405 | in  403 403 403 go
/tariffs/                                                | in  403 403 200 200 | in  405 405 405 405
/tariffs/<int:tariff_id>/archive/                        | in  405 405 405 405 | in  403 403 403 go
/tariffs/<int:tariff_id>/delete/                         | in  403 403 403 200 | in  403 403 403 200
/tariffs/<int:tariff_id>/edit/                           | in  403 403 403 200 | in  403 403 403 200
/tariffs/<int:tariff_id>/history/                        | in  403 403 200 200 | in  405 405 405 405
/tariffs/<int:tariff_id>/prices/<int:price_id>/withdraw/ | in  403 403 403 200 | in  403 403 403 200
/tariffs/<int:tariff_id>/prices/add/                     | in  403 403 403 200 | in  403 403 403 200
/tariffs/<int:tariff_id>/simulate/                       | in  403 403 403 200 | in  403 403 403 200
/tariffs/<int:tariff_id>/restore/                        | in  405 405 405 405 | in  403 403 403 go
/tariffs/add/                                            | in  403 403 403 200 | in  403 403 403 200
/tariffs/export.csv                                      | in  403 403 200 200 | in  405 405 405 405
/tariffs/export.xlsx                                     | in  403 403 200 200 | in  405 405 405 405
/search/                                                 | in  200 200 200 200 | in  405 405 405 405
/taxes/                                                  | in  403 403 200 200 | in  405 405 405 405
/taxes/<int:tax_id>/delete/                              | in  403 403 403 200 | in  403 403 403 go
/taxes/<int:tax_id>/edit/                                | in  403 403 403 200 | in  403 403 403 200
/taxes/<int:tax_id>/history/                             | in  403 403 200 200 | in  405 405 405 405
/taxes/<int:tax_id>/percents/<int:rate_id>/withdraw/     | in  403 403 403 200 | in  403 403 403 200
/taxes/<int:tax_id>/percents/add/                        | in  403 403 403 200 | in  403 403 403 200
/taxes/add/                                              | in  403 403 403 200 | in  403 403 403 200
/usage/import/                                           | in  403 403 403 200 | in  403 403 403 200
/usage/import/<uuid:pk>/                                 | in  403 403 403 200 | in  403 403 403 go
/usage/import/<uuid:pk>/columns/                         | in  403 403 403 go  | in  403 403 403 go
/usage/import/<uuid:pk>/columns/forget/                  | in  405 405 405 405 | in  403 403 403 go
/usage/import/<uuid:pk>/leave-out/                       | in  405 405 405 405 | in  403 403 403 go
/usage/import/<uuid:pk>/left-out/                        | in  403 403 403 404 | in  405 405 405 405
/usage/import/<uuid:pk>/discard/                         | in  405 405 405 405 | in  403 403 403 go
/usage/imports/                                          | in  403 403 200 200 | in  405 405 405 405
/usage/imports/<int:pk>/undo/                            | in  405 405 405 405 | in  403 403 403 go
/usage/imports/undo/<uuid:pk>/                           | in  403 403 403 200 | in  403 403 403 go
/usage/imports/undo/<uuid:pk>/discard/                   | in  405 405 405 405 | in  403 403 403 go
/watcher/                                                | in  403 403 200 200 | in  405 405 405 405
/watcher/changes/                                        | in  403 403 200 200 | in  405 405 405 405
/watcher/changes/accept/                                 | in  405 405 405 405 | in  403 403 403 go
/watcher/changes/dismiss/                                | in  405 405 405 405 | in  403 403 403 go
/watcher/differences/                                    | in  403 403 200 200 | in  405 405 405 405
/watcher/differences/export.csv                          | in  403 403 200 200 | in  405 405 405 405
/watcher/differences/export.xlsx                         | in  403 403 200 200 | in  405 405 405 405
/watcher/differences/ignore/                             | in  405 405 405 405 | in  403 403 403 go
/watcher/differences/list/                               | in  405 405 405 405 | in  403 403 403 go
/watcher/differences/push/                               | in  405 405 405 405 | in  403 403 403 go
/watcher/differences/use/                                | in  405 405 405 405 | in  403 403 403 go
/watcher/directions/                                     | in  403 403 403 200 | in  403 403 403 go
/watcher/edit/                                           | in  403 403 403 200 | in  403 403 403 200
/watcher/history/                                        | in  403 403 200 200 | in  405 405 405 405
/watcher/organizations/                                  | in  403 403 200 200 | in  405 405 405 405
/watcher/organizations/<int:pk>/                         | in  403 403 403 200 | in  403 403 403 200
/watcher/organizations/<int:pk>/link/                    | in  405 405 405 405 | in  403 403 403 404
/watcher/organizations/<int:pk>/unlink/                  | in  405 405 405 405 | in  403 403 403 404
/watcher/organizations/proposed/                         | in  403 403 403 go  | in  403 403 403 go
/watcher/presets/                                        | in  403 403 200 200 | in  405 405 405 405
/watcher/presets/<int:pk>/                               | in  403 403 403 200 | in  403 403 403 go
/watcher/presets/add/                                    | in  405 405 405 405 | in  403 403 403 go
/watcher/presets/proposed/                               | in  403 403 403 200 | in  403 403 403 200
/watcher/requests/                                       | in  403 403 200 200 | in  405 405 405 405
/watcher/requests/<int:pk>/history/                     | in  403 403 200 200 | in  405 405 405 405
/watcher/requests/retry/                                 | in  405 405 405 405 | in  403 403 403 go
/watcher/requests/withdraw/                              | in  405 405 405 405 | in  403 403 403 go
/watcher/create/                                         | in  405 405 405 405 | in  403 403 403 go
/watcher/of/<int:pk>/                                    | in  403 403 200 200 | in  403 403 403 go
/watcher/of/<int:pk>/mail/                              | in  405 405 405 405 | in  403 403 403 go
/watcher/of/<int:pk>/message/                            | in  403 403 403 go  | in  403 403 403 go
/watcher/of/<int:pk>/open/                               | in  405 405 405 405 | in  go  404 403 403
/watcher/of/<int:pk>/rename/                             | in  405 405 405 405 | in  403 403 403 go
/watcher/of/<int:pk>/user/                               | in  405 405 405 405 | in  403 403 403 go
/watcher/unlinked/                                       | in  403 403 200 200 | in  405 405 405 405
/watcher/reading/                                        | in  403 403 200 200 | in  405 405 405 405
/watcher/reading/confirm/                                | in  405 405 405 405 | in  403 403 403 go
/watcher/reading/now/                                    | in  405 405 405 405 | in  403 403 403 go
/watcher/reading/settings/                               | in  403 403 403 200 | in  403 403 403 200
/watcher/report/                                         | in  403 403 200 200 | in  405 405 405 405
/watcher/report/export.csv                               | in  403 403 200 200 | in  405 405 405 405
/watcher/report/export.xlsx                              | in  403 403 200 200 | in  405 405 405 405
/watcher/report/now/                                     | in  405 405 405 405 | in  403 403 403 go
/watcher/suspensions/                                    | in  403 403 200 200 | in  405 405 405 405
/watcher/suspensions/again/                              | in  405 405 405 405 | in  403 403 403 go
/watcher/suspensions/settings/                           | in  403 403 403 200 | in  403 403 403 200
/watcher/test/                                           | in  405 405 405 405 | in  403 403 403 go
"""

NOT_FOR_READERS = {
    "/api/tokens/<int:pk>/": "404",
    "/api/tokens/<int:pk>/revoke/": "404",
    "/api/v1/invoices/<int:pk>": "404",
    "/api/v1/invoices/<int:pk>/cii": "404",
    "/api/v1/invoices/<int:pk>/pdf": "404",
    "/api/v1/invoices/<int:pk>/ubl": "404",
    "/api/v1/payments/<int:pk>": "404",
    "/invoices/<int:pk>.pdf": "404",
    "/invoices/<int:pk>.ubl.xml": "404",
    "/invoices/<int:pk>.xml": "404",
    "/invoices/<int:pk>/": "404",
    "/invoices/<int:pk>/charges.csv": "404",
    "/invoices/<int:pk>/charges/": "404",
    "/organizations/<int:pk>/account.csv": "403",
    "/organizations/<int:pk>/account.pdf": "403",
    "/organizations/<int:pk>/account.xlsx": "403",
    "/organizations/<int:pk>/account/": "403",
    "/organizations/<int:pk>/address/": "403",
    "/organizations/<int:pk>/address/<int:proposal>/": "403",
    "/organizations/<int:pk>/address/<int:proposal>/withdraw/": "403",
    "/organizations/<int:pk>/agreement/": "403",
    "/organizations/<int:pk>/billing/": "403",
    "/organizations/<int:pk>/customers.csv": "403",
    "/organizations/<int:pk>/customers.xlsx": "403",
    "/organizations/<int:pk>/customers/": "403",
    "/organizations/<int:pk>/invoices/": "403",
    "/organizations/<int:pk>/payments/": "403",
    "/invoices/<int:pk>/question/": "404",
    "/questions/<int:pk>/": "404",
    "/reminders/<int:pk>/": "404",
    "/payments/<int:pk>/": "404",
}
"""What a reader of the organization gets where its owner gets 200."""


class AddressRow(NamedTuple):
    """What each of PEOPLE gets, for GET and for POST."""

    get: tuple[str, ...]
    post: tuple[str, ...]


def rows() -> dict[str, AddressRow]:
    """Read the table."""
    read = {}
    for line in filter(None, TABLE.splitlines()):
        address, get, post = line.split("|")
        assert address.strip() not in read, f"two rows for {address}"
        read[address.strip()] = AddressRow(tuple(get.split()), tuple(post.split()))
    return read


def routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Yield the routes of a URL configuration."""
    for each in resolver.url_patterns:
        text = str(each.pattern)
        if not isinstance(each.pattern, RoutePattern):
            text = simplify_regex(text).lstrip("/").replace("/^", "/")
        if isinstance(each, URLPattern):
            yield before + text
        else:
            yield from routes(each, before + text)


def row_of(route: str) -> str:
    """Return the row for a route; all models in Django admin share the same rows."""
    for model in admin.site._registry:
        meta = model._meta
        prefix = f"/admin/{meta.app_label}/{meta.model_name}/"
        route = route.replace(prefix, "/admin/<app>/<model>/")
    return route


ROWS = rows()
ROUTES = sorted(set(routes(get_resolver())))


class World(NamedTuple):
    """People, and the values to fill addresses in with, by the route up to the parameter."""

    people: dict[str, User | None]
    values: dict[str, object]
    secrets: dict[str, str]
    """The API token of each person, with all scopes of their role."""

    def fill(self, route: str) -> str:
        """Return the address for a route, with its parameters filled in."""
        for found in reversed(list(re.finditer(r"<[^>]+>", route))):
            value = self.values[route[: found.end()]]
            route = f"{route[: found.start()]}{value}{route[found.end() :]}"
        return route

    def client(self, person: str, token: str = "") -> Client:
        """Return a client signed in as the person; with a `token`, it sends that CSRF token.

        It also sends their API token, which means nothing to pages.
        """
        headers = {"X-CSRFToken": token} if token else {}
        if secret := self.secrets.get(person):
            headers["Authorization"] = f"Bearer {secret}"
        client = Client(enforce_csrf_checks=True, headers=headers)
        if token:
            client.cookies["csrftoken"] = token
        user = self.people[person]
        if user:
            client.force_login(user)
        return client


def make_world() -> World:
    """Create one of everything that an address may name."""
    interval = BilledUseFactory.create()
    organization, tariff, camera = interval.organization, interval.tariff, interval.camera
    other = OrganizationFactory.create().owner
    reader = OwnerFactory.create()
    organization.memberships.create(user=reader, role=MemberRole.READER)
    operator = OperatorFactory.create()
    price = TariffPriceFactory.create(tariff=tariff, valid_from=date(2199, 1, 1))
    tax, day = a_tax(), date(2199, 1, 1)
    details = BillingDetailsFactory.create(organization=organization, valid_from=day)
    rate = tax.percents.create(percent=20, valid_from=day)
    ProviderFactory.create(logo=Logo.objects.create(pk="a" * 64, content=svg("")))
    invoice = issued_invoice(organization)
    note = organization.notes.create(text="Call back", author=operator, written_at=timezone.now())
    contact = organization.contacts.create(name="Ann Lee")
    fee = FeeFactory.create(organization=organization, name="Watchful Ltd", first_on=day)
    invited = OwnerFactory.create(password=None)
    now = timezone.now()
    file: Any = {"user_id": operator.pk, "name": "a.csv", "chunks": [b"a,b\n"], "now": now}
    upload = keep_upload(kind="usage", task=usage_tasks.read_upload, **file)
    payments = keep_upload(kind="payments", task=payment_tasks.read_upload, **file)
    terms = keep_upload(kind="terms", task=organization_tasks.read_terms, **file)
    clients = keep_upload(kind="organizations", task=organization_tasks.read_upload, **file)
    change = AddressChange.objects.create(
        user=OwnerFactory.create(), email="new@example.com", requested_at=now
    )
    packed = DocumentFile.objects.create(
        asked_at=now, asked_by=operator, documents=[], state=DocumentFile.State.READY
    )
    checked = DocumentCheck.objects.create(
        asked_at=now, asked_by=operator, name="invoice.xml", content=b""
    )
    mailing = Mailing.objects.create(
        asked_at=now, asked_by=operator, documents=1, without_address=0
    )
    partnership = PartnershipFactory.create(organization=organization, first_on=day)
    simulation = Simulation.objects.create(
        asked_at=now,
        asked_by=operator,
        change=stored(ListPriceChange(tariff.pk, Decimal(10))),
        tariff=tariff,
        period_from=date(2026, 9, 1),
        period_until=date(2026, 10, 1),
        state=Simulation.State.READY,
    )
    simulation.costs.create(
        organization=organization,
        currency="EUR",
        cameras=1,
        before=9,
        after=10,
        is_incomplete=False,
    )
    schedule = RunSchedule.objects.create(day=1, at=time(6), next_on=date(2199, 1, 1))
    done = UsageImportFactory.create()
    undo = keep_upload(
        kind="usage_undo",
        task=usage_tasks.undo_import,
        user_id=operator.pk,
        name="a.csv",
        chunks=[],
        now=now,
        options={UNDONE: done.pk},
    )
    ConnectionFactory.create()
    tenant, preset = PlatformOrganizationFactory.create(), PlatformPresetFactory.create()
    looked_up = rows_of_watcher(organization).values()
    store_sums()
    ReadingState.objects.create(begun_at=now, read_at=now)
    ReportState.objects.create(
        tried_at=now,
        compared_at=now,
        first_on=date(2026, 10, 1),
        last_on=date(2026, 10, 2),
    )
    FrenchNotes.objects.create(pk=1)
    payment, provider = a_payment(), Provider.objects.get()
    account = an_account_for(
        account_number="DE02120300000000202051", bic="BYLADEM1001", bank="Demo Bank"
    )
    deposit, line = a_deposit(organization), a_line()
    receive_csv(
        account_id=line.account_id,
        name="statement.csv",
        content="дата;текст;сумма\n".encode(),
        encoding="utf-8",
        now=now,
        by=operator,
    )
    promise = organization.payment_promises.create(currency="EUR", first_on=day, last_on=day)
    level = a_level(name="Watchful Ltd", days=3)
    level.texts.create(language="en", subject="Watchful Ltd", introduction="Watchful Ltd")
    reminder = a_sent_reminder(invoice)
    question = ask(
        invoice_id=invoice.pk,
        line_id=None,
        amount=Decimal(1),
        text="Call back",
        now=now,
        by=organization.owner,
    )
    proposal = a_proposal(organization)
    saved = operator.saved_filters.create(list="people:list", name="Watchful Ltd")
    things: list[models.Model] = [organization, tariff, tax, camera, interval, invited]
    asked = WriteRequestFactory.create(organization=organization, about="Watchful Ltd")
    things += [invoice, payment, payment.allocations.get(), provider, asked, *looked_up]
    paused = an_arrangement(reason="Watchful Ltd")
    things += [reminder, level, promise, paused, proposal]
    closing, revenue = a_closing(), a_revenue_account()
    batch, token = a_stored_batch(), a_token(organization.owner, name="Watchful Ltd").token
    people = {
        "nobody": None,
        "owner": organization.owner,
        "other": other,
        "reader": reader,
        "support": SupportFactory.create(),
        "operator": operator,
    }
    every = {person: a_token(user, name="Call back") for person, user in people.items() if user}
    return World(
        people=people,
        secrets={person: each.secret for person, each in every.items()},
        values={
            "/accounting/closing/<int:pk>": closing.pk,
            "/accounting/revenue-accounts/<int:pk>": revenue.pk,
            "/accounts/<int:pk>": invited.pk,
            "/accounts/activate/<str:token>": activation_token(invited),
            "/accounts/address/<str:token>": address_token(change),
            "/accounts/password/reset/key/<uidb36>": "1",
            "/accounts/password/reset/key/<uidb36>-<key>": "not-a-key",
            "/admin/<app_label>": "usage",
            "/admin/<url>": "no/such/page/",
            "/admin/r/<path:content_type_id>": ContentType.objects.get_for_model(Camera).pk,
            "/admin/r/<path:content_type_id>/<path:object_id>": camera.pk,
            "/api/tokens/<int:pk>": token.pk,
            "/api/v1/cameras/<int:pk>": camera.pk,
            "/api/v1/invoices/<int:pk>": invoice.pk,
            "/api/v1/organizations/<int:pk>": organization.pk,
            "/api/v1/payments/<int:pk>": deposit.pk,
            "/api/v1/tariffs/<int:pk>": tariff.pk,
            "/bank/accounts/<int:pk>": line.account_id,
            "/bank/files/<int:pk>": line.statement.file_id,
            "/bank/lines/<int:pk>": line.pk,
            "/cameras/<int:pk>": camera.pk,
            "/debits/<int:pk>": batch.pk,
            "/debits/collections/<int:pk>": batch.collections.get().pk,
            "/mandates/<int:pk>": batch.collections.get().mandate_id,
            "/dev/mail/<str:name>": "a.log",
            "/dev/mail/<str:name>/<int:number>": 0,
            "/invoices/<int:pk>": invoice.pk,
            "/invoices/check/<uuid:pk>": checked.pk,
            "/invoices/files/<uuid:pk>": packed.pk,
            "/invoices/mailings/<uuid:pk>": mailing.pk,
            "/invoices/payments/<int:pk>": payment.pk,
            "/invoices/provider/accounts/<int:pk>": account.pk,
            "/invoices/payments/import/<uuid:pk>": payments.pk,
            "/invoices/runs/<month:month>": "2026-09",
            "/invoices/runs/schedules/<int:pk>": schedule.pk,
            "/invoices/provider/rates/<int:pk>": ExchangeRateFactory.create(
                source="Watchful Ltd"
            ).pk,
            "/payments/<int:pk>": deposit.pk,
            "/payments/<int:pk>/allocations/<int:invoice>": invoice.pk,
            "/mail-texts/<slug:key>": "activation",
            "/mail-texts/<slug:key>/<slug:language>": "ru",
            "/organizations/<int:pk>": organization.pk,
            "/organizations/<int:pk>/address/<int:proposal>": proposal.pk,
            "/organizations/<int:pk>/partners/<int:of>": partnership.pk,
            "/organizations/<int:pk>/people/<int:user_id>": invited.pk,
            "/organizations/import/<uuid:pk>": clients.pk,
            "/organizations/terms/import/<uuid:pk>": terms.pk,
            "/people/<int:pk>": invited.pk,
            "/organizations/<int:pk>/reminders/<slug>": "promises",
            "/organizations/<int:pk>/reminders/<slug>/<int:row>": promise.pk,
            "/organizations/<int:pk>/terms/<slug>": "fees",
            "/organizations/<int:pk>/terms/<slug>/<int:term>": fee.pk,
            "/organizations/<int:pk>/billing/<int:version>": details.pk,
            "/organizations/<int:pk>/contacts/<int:contact_id>": contact.pk,
            "/organizations/<int:pk>/notes/<int:note_id>": note.pk,
            "/questions/<int:pk>": question.pk,
            "/reminders/<int:pk>": reminder.pk,
            "/reminders/levels/<int:pk>": level.pk,
            "/saved-filters/<int:pk>": saved.pk,
            "/simulations/<uuid:pk>": simulation.pk,
            "/simulations/<uuid:pk>/cameras/<int:of>": organization.pk,
            "/tariffs/<int:tariff_id>": tariff.pk,
            "/tariffs/<int:tariff_id>/prices/<int:price_id>": price.pk,
            "/taxes/<int:tax_id>": tax.pk,
            "/taxes/<int:tax_id>/percents/<int:rate_id>": rate.pk,
            "/usage/import/<uuid:pk>": upload.pk,
            "/usage/imports/<int:pk>": done.pk,
            "/usage/imports/undo/<uuid:pk>": undo.pk,
            "/watcher/of/<int:pk>": organization.pk,
            "/watcher/organizations/<int:pk>": tenant.pk,
            "/watcher/presets/<int:pk>": preset.pk,
            "/watcher/requests/<int:pk>": asked.pk,
            **{
                f"/admin/{meta.app_label}/{meta.model_name}/<path:object_id>": thing.pk
                for thing in things
                for meta in [thing._meta]
            },
        },
    )
