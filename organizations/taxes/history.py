"""The parts of a tax's history."""

from foundation.audit.history import HistoryPart

PARTS = (
    HistoryPart("organizations.TaxEvent"),
    HistoryPart("organizations.TaxPercentEvent", by="tax", named_by="valid_from"),
)
