-- Payments that name no invoice, and those that pay another one, have no way back.
DO $$
BEGIN
    IF EXISTS (SELECT FROM payments_payment WHERE invoice_id IS NULL) OR EXISTS (
        SELECT FROM payments_allocation
        JOIN payments_payment AS payment ON payment.id = payment_id
        WHERE payments_allocation.invoice_id <> payment.invoice_id
    ) THEN
        RAISE EXCEPTION 'payments on account cannot be taken back';
    END IF;
END
$$;

DELETE FROM payments_allocation;
DELETE FROM payments_onaccount;

ALTER TABLE invoices_openitem DISABLE TRIGGER pgtrigger_kept_by_triggers_43f60;
UPDATE invoices_openitem AS item SET outstanding = invoice.total - item.credited - received.amount
FROM invoices_invoice AS invoice, (
    SELECT invoice_id, sum(amount) AS amount FROM payments_payment GROUP BY invoice_id
) AS received
WHERE invoice.id = item.invoice_id AND received.invoice_id = item.invoice_id
    AND item.outstanding <> invoice.total - item.credited - received.amount;
ALTER TABLE invoices_openitem ENABLE TRIGGER pgtrigger_kept_by_triggers_43f60;
