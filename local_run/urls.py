"""Addresses of the captured mail, below /dev/mail/."""

from django.urls import path

from local_run import captured_mail

urlpatterns = [
    path("", captured_mail.mails, name="captured_mail"),
    path("<str:name>/<int:number>/", captured_mail.mail, name="captured_mail_text"),
]
