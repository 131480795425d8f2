-- Complete existing payments and their events, which triggers otherwise protect.
ALTER TABLE payments_payment DISABLE TRIGGER USER;
UPDATE payments_payment AS payment
SET organization_id = invoice.organization_id, currency = invoice.currency,
    owner_id = invoice.owner_id
FROM invoices_invoice AS invoice WHERE invoice.id = payment.invoice_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE payments_payment ENABLE TRIGGER USER;

ALTER TABLE payments_paymentevent DISABLE TRIGGER USER;
UPDATE payments_paymentevent AS event
SET organization_id = invoice.organization_id, currency = invoice.currency,
    owner_id = invoice.owner_id
FROM invoices_invoice AS invoice WHERE invoice.id = event.invoice_id;
ALTER TABLE payments_paymentevent ENABLE TRIGGER USER;

-- Payments that were not reversed pay their invoice, in the order of their dates, up to what is
-- left of it after credit notes.
INSERT INTO payments_allocation (payment_id, invoice_id, amount, allocated_at, allocated_by_id)
SELECT id, invoice_id, least(amount, owed - earlier), recorded_at, recorded_by_id
FROM (
    SELECT payment.*, invoice.total - item.credited AS owed,
        sum(payment.amount) OVER (
            PARTITION BY payment.invoice_id ORDER BY payment.paid_on, payment.id
        ) - payment.amount AS earlier
    FROM payments_payment AS payment
    JOIN invoices_invoice AS invoice ON invoice.id = payment.invoice_id
    JOIN invoices_openitem AS item ON item.invoice_id = payment.invoice_id
    WHERE reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM payments_payment AS back WHERE back.reverses_id = payment.id)
) AS received
WHERE earlier < owed
ORDER BY id;

-- A reversal takes back the whole payment.
INSERT INTO payments_allocation (payment_id, payout_id, amount, allocated_at, allocated_by_id)
SELECT reverses_id, id, -amount, recorded_at, recorded_by_id
FROM payments_payment WHERE reverses_id IS NOT NULL ORDER BY id;

INSERT INTO payments_onaccount (
    payment_id, organization_id, currency, kind, amount, remaining
)
SELECT payment.id, organization_id, currency, kind, payment.amount,
    payment.amount - coalesce(given.amount, 0) + coalesce(taken.amount, 0)
FROM payments_payment AS payment
LEFT JOIN (
    SELECT payment_id, sum(amount) AS amount FROM payments_allocation GROUP BY payment_id
) AS given ON given.payment_id = payment.id
LEFT JOIN (
    SELECT payout_id, sum(amount) AS amount FROM payments_allocation GROUP BY payout_id
) AS taken ON taken.payout_id = payment.id;
SET CONSTRAINTS ALL IMMEDIATE;

-- What was paid too much is now on account, and no longer a negative amount of an invoice.
ALTER TABLE invoices_openitem DISABLE TRIGGER pgtrigger_kept_by_triggers_43f60;
UPDATE invoices_openitem SET outstanding = 0 WHERE outstanding < 0;
ALTER TABLE invoices_openitem ENABLE TRIGGER pgtrigger_kept_by_triggers_43f60;
