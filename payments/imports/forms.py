"""The form that takes a file of payments."""

from foundation.imports.forms import UploadForm


class PaymentImportForm(UploadForm):
    """A file of payments; each line is shown before it is imported."""

    max_megabytes = 5
    command = "import_payments"
