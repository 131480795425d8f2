-- Fill the dates and the tax of each line, and the tax of each document. Documents and lines are
-- frozen, so this suspends the triggers that say so.
DROP TRIGGER pgtrigger_update_update_2ec8f ON invoices_invoice;
ALTER TABLE invoices_invoiceline DISABLE TRIGGER USER;

UPDATE invoices_invoiceline AS line
SET period_from = greatest(line.month, invoice.period_from),
    period_until = least((line.month + interval '1 month')::date, invoice.period_until),
    tax_category = invoice.tax_category,
    tax_percent = invoice.tax_rate
FROM invoices_invoice AS invoice
WHERE invoice.id = line.invoice_id;

INSERT INTO invoices_invoicetax (
    invoice_id, position, category, percent, reason, reason_code, net, amount
)
SELECT
    id, 1, tax_category, tax_rate, tax_reason,
    CASE tax_category WHEN 'AE' THEN 'VATEX-EU-AE' WHEN 'O' THEN 'VATEX-EU-O' ELSE '' END,
    net, tax_amount
FROM invoices_invoice;

-- The foreign key of the inserted rows is checked now, so that the tables can be changed.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE invoices_invoiceline ENABLE TRIGGER USER;
