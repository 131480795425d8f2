-- What organizations owe for invoices, and what is left of payments. Each half has an index of its
-- rows that are not 0. Ids of payments are negated, so that no two rows have one id.
CREATE VIEW payments_receivable AS
SELECT invoice_id AS id, organization_id, currency, due_on, outstanding
FROM invoices_openitem WHERE outstanding <> 0
UNION ALL
SELECT -payment_id, organization_id, currency, NULL::date, -remaining
FROM payments_onaccount WHERE remaining <> 0;
