"""What the first migrations need of an earlier search; see `foundation.search`."""

from django.db.models import Func, TextField


class Words(Func):
    """Text in lower case, with spaces in place of everything except letters and digits."""

    function = "regexp_replace"
    output_field = TextField()
    template = "%(function)s(lower(%(expressions)s), '[^[:alnum:]]+', ' ', 'g')"
