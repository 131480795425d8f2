"""The form for uploading a file of payments."""

from foundation.imports.forms import UploadForm


class PaymentImportForm(UploadForm):
    """A form for a file of payments, whose lines are shown before they are imported."""

    max_megabytes = 5
    command = "import_payments"
