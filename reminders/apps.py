"""Configuration of the reminders app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """The reminders app."""

    name = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        """Register what others show of reminders, and the texts of mails."""
        from accounts.mail_texts import kinds
        from foundation.web import attention
        from organizations import history
        from organizations.agreement.followers import STOPPED
        from payments import disputes
        from payments.followers import CHANGED
        from reminders.follow_ups import stopped
        from reminders.history import OF_ORGANIZATION
        from reminders.models import Question
        from reminders.questions.texts import ANSWERED, ASKED, CLOSED
        from reminders.shown import needing_attention
        from reminders.tasks import look_at_soon
        from reminders.texts import REMINDER

        for kind in (REMINDER, ASKED, ANSWERED, CLOSED):
            kinds.register(kind)
        CHANGED.register(look_at_soon)
        STOPPED.register(stopped)
        disputes.register(Question.objects.disputed)
        attention.register(needing_attention)
        for part in OF_ORGANIZATION:
            history.add_part(part)
