DROP FUNCTION
    pgtrigger_all_by_one_statement_da3f9(),
    pgtrigger_frozen_1bb96(),
    pgtrigger_no_truncate_2d3ce()
    CASCADE;
DROP TRIGGER pgtrigger_update_update_2ec8f ON invoices_invoice;
COMMENT ON TRIGGER pgtrigger_all_by_one_statement_bddc1 ON invoices_invoiceline
    IS '4077680ea099a0eed1c6096220d9d9d13eba9103';
