"""Pages on which operators edit the texts of emails."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in, staff_only
from accounts.mail_texts.forms import TextsForm
from accounts.mail_texts.kinds import KINDS
from accounts.mail_texts.models import MailText
from accounts.mail_texts.texts import change_texts, texts_of
from foundation.audit.history import HistoryPart
from foundation.web.edit_conflicts import conflict_of
from foundation.web.versions import EditedByOthers, version_of

PARTS = (HistoryPart("accounts.MailTextEvent"),)


@require_safe
@staff_only
def mail_texts(request: HttpRequest) -> HttpResponse:
    """List the kinds of emails with their languages."""
    texts = MailText.objects.exclude(subject="", introduction="")
    edited = set(texts.values_list("kind", "language"))
    kinds = [
        (kind, [(code, name, (kind.key, code) in edited) for code, name in settings.LANGUAGES])
        for kind in KINDS.values()
    ]
    return render(request, "mail_texts/list.html", {"kinds": kinds})


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show the texts of a kind of mail in a language. Operators can preview and save them."""
    is_operator = signed_in(request).is_operator
    if request.method == "POST" and not is_operator:
        raise PermissionDenied
    kind, languages = KINDS.get(key), dict(settings.LANGUAGES)
    if kind is None or language not in languages:
        raise Http404
    with override(language):
        texts = texts_of(kind)
        preview = texts.filled(kind.examples)
        form = TextsForm(request.POST or None, kind=kind, initial=texts._asdict())
    stored = version_of(texts._asdict())
    context: dict[str, Any] = {
        "kind": kind,
        "code": language,
        "language_name": languages[language],
        "form": form,
        "placeholders": list(kind.examples.items()),
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    if request.method == "POST" and form.is_valid():
        with override(language):
            preview = form.preview
        if "preview" not in request.POST:
            given = {**form.cleaned_data, "shown": context["version"]}
            try:
                change_texts(key=key, language=language, **given)
            except EditedByOthers as error:
                row = MailText.objects.filter(kind=key, language=language).first()
                conflict = conflict_of(
                    error,
                    form=form,
                    pk=row.pk if row else 0,
                    parts=PARTS,
                    user_id=signed_in(request).pk,
                    models=(MailText,),
                )
                context |= {"conflict": conflict, "version": conflict.version}
            else:
                messages.success(request, _("The text was saved."))
                return redirect("mail_texts:list")
    context["preview"] = None if form.errors else preview
    return render(request, "mail_texts/edit.html", context)
