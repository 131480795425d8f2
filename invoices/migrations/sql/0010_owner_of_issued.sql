-- Documents that were issued before belong to the person who owned the organization at that time, as
-- the history of organizations tells. An organization without history by then had its first known
-- owner. Triggers refuse to change documents and events, so they are disabled meanwhile.
ALTER TABLE invoices_invoice DISABLE TRIGGER USER;
UPDATE invoices_invoice AS invoice SET owner_id = coalesce(
    (
        SELECT owner_id FROM organizations_organizationevent
        WHERE pgh_obj_id = invoice.organization_id AND pgh_created_at <= invoice.issued_at
        ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT 1
    ),
    (
        SELECT owner_id FROM organizations_organizationevent
        WHERE pgh_obj_id = invoice.organization_id
        ORDER BY pgh_created_at, pgh_id LIMIT 1
    ),
    (SELECT owner_id FROM organizations_organization WHERE id = invoice.organization_id)
);
ALTER TABLE invoices_invoice ENABLE TRIGGER USER;
ALTER TABLE invoices_invoiceevent DISABLE TRIGGER USER;
UPDATE invoices_invoiceevent AS event SET owner_id = invoice.owner_id
FROM invoices_invoice AS invoice WHERE invoice.id = event.pgh_obj_id;
ALTER TABLE invoices_invoiceevent ENABLE TRIGGER USER;
