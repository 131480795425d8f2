"""Pages on which owners ask about invoices, and operators answer."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in, staff_only
from accounts.models import User
from accounts.notices.models import Notice
from foundation.lists.filters import search_filter
from foundation.lists.pages import CellColumn, ListTable, render_list
from invoices.access import invoice_for
from invoices.tables import NUMBER
from organizations.filters import SEARCHED, SEARCHED_IN_SHORT
from organizations.models import Organization
from reminders.models import Question, QuestionState
from reminders.querysets import QuestionQuerySet
from reminders.questions import operations
from reminders.questions.forms import QuestionForm, TextForm
from reminders.refusals import NotDisputable, ReminderRefusal
from tariffs.money import format_money
from tariffs.provider_calendar import provider_date

METHODS = ["GET", "HEAD", "POST"]
_CLOSED, _ALL = QuestionState.CLOSED.value, "all"


class QuestionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search questions by organization; by default, show the open ones."""

    q = search_filter(SEARCHED, SEARCHED_IN_SHORT)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        empty_label=QuestionState.OPEN.label,
        choices=(
            (_CLOSED, QuestionState.CLOSED.label),
            (_ALL, pgettext_lazy("questions", "All")),
        ),
        method="in_state",
    )

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = []

    def search(self, questions: QuestionQuerySet, name: str, text: str) -> QuestionQuerySet:
        """Keep those of organizations that are found."""
        found = Organization.objects.search(text).order_by().values("pk")
        return questions.filter(invoice__organization__in=found)

    def in_state(self, questions: QuestionQuerySet, name: str, state: str) -> QuestionQuerySet:
        """Keep those in a state."""
        return questions if state == _ALL else questions.filter(state=state)

    def filter_queryset(self, queryset: QuestionQuerySet) -> Any:
        """Leave out closed ones, unless they are asked for."""
        is_chosen = self.data.get("state", "") in (_CLOSED, _ALL)
        return super().filter_queryset(queryset if is_chosen else queryset.open())


class QuestionTable(ListTable):
    """Questions, the newest first."""

    invoice = CellColumn(
        template_name="reminders/questions/_invoice_cell.html",
        verbose_name=gettext_lazy("Invoice"),
        orderable=False,
    )
    organization = tables.Column(
        accessor="invoice__organization__title",
        verbose_name=gettext_lazy("Organization"),
        orderable=False,
        attrs={"td": {"class": "cell-title"}},
    )
    amount = tables.Column(
        verbose_name=gettext_lazy("Disputed amount"), orderable=False, attrs=NUMBER
    )
    state = tables.Column(
        verbose_name=gettext_lazy("State"), accessor="get_state_display", orderable=False
    )

    class Meta:
        model = Question
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = gettext_lazy("No questions found")

    def render_amount(self, value: Any, record: Question) -> str:
        """Format the amount with its currency."""
        return format_money(value, record.invoice.currency)


@require_safe
@staff_only
def questions(request: HttpRequest) -> HttpResponse:
    """List questions about invoices; by default, the open ones."""
    every = Question.objects.order_by("-pk")
    filterset = QuestionFilter(request.GET, queryset=every, request=request)
    table = QuestionTable(filterset.qs.select_related("invoice__organization"))
    return render_list(request, "reminders/questions/list.html", table=table, filterset=filterset)


@require_http_methods(METHODS)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask about an invoice: its owner, or an operator on the owner's behalf."""
    user, now = signed_in(request), timezone.now()
    invoice = invoice_for(user, pk, provider_date(now))
    _refuse_readers_of_all(user)
    if invoice.is_credit_note:
        messages.error(request, str(NotDisputable()))
        return redirect("invoices:invoice", pk)
    form = QuestionForm(request.POST if request.method == "POST" else None, invoice=invoice)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            question = operations.ask(
                invoice_id=pk,
                line_id=given["line"] and given["line"].pk,
                amount=given["amount"],
                text=given["text"],
                now=now,
                by=user,
            )
        except ReminderRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Your question was sent."))
            return redirect("reminders:question", question.pk)
    context = {"invoice": invoice, "form": form, "way_back": reverse("invoices:invoice", args=[pk])}
    return render(request, "reminders/questions/ask.html", context)


@require_http_methods(METHODS)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question with its messages; its owner and operators write, operators close it."""
    user = signed_in(request)
    shown = get_object_or_404(
        Question.objects.visible_to(user).select_related("invoice__organization", "line"), pk=pk
    )
    form = TextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        _refuse_readers_of_all(user)
        if form.is_valid():
            closes = user.is_operator and "close" in request.POST
            try:
                operations.answer(
                    question_id=pk,
                    text=form.cleaned_data["text"],
                    closes=closes,
                    now=timezone.now(),
                    by=user,
                )
            except ReminderRefusal as refusal:
                messages.error(request, str(refusal))
            else:
                done = _("The question is closed.") if closes else _("The message was sent.")
                messages.success(request, done)
            return redirect("reminders:question", pk)
    written = list(shown.messages.select_related("written_by").order_by("pk"))
    context = {
        "question": shown,
        "written": written,
        # What became of the mails is for staff.
        "notices": ()
        if user.is_owner
        else Notice.objects.filter(about__in=map(operations.about, written)),
        "form": form,
        "can_write": shown.state == QuestionState.OPEN and (user.is_owner or user.is_operator),
    }
    return render(request, "reminders/questions/question.html", context)


def _refuse_readers_of_all(user: User) -> None:
    """Refuse those who may look at everything, and change nothing.

    Raises:
        PermissionDenied: `user` is one of them.
    """
    if not user.is_owner and not user.is_operator:
        raise PermissionDenied
