"""Reports of imports as JSON, with the invoices that an import affects."""

from __future__ import annotations

from cattrs import Converter, gen

from foundation.imports.stored import report_converter
from tariffs.affected_invoices import AffectedInvoices


def converter_with_invoices() -> Converter:
    """Return a converter between JSON and reports with `AffectedInvoices`."""
    converter = report_converter()
    omitted = gen.override(omit=True)
    converter.register_unstructure_hook(
        AffectedInvoices,
        gen.make_dict_unstructure_fn(AffectedInvoices, converter, measure=omitted),
    )
    converter.register_structure_hook(
        AffectedInvoices,
        gen.make_dict_structure_fn(AffectedInvoices, converter, measure=omitted),
    )
    return converter
