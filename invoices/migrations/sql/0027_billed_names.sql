-- Keep the names on invoices in invoices_billedname. An organization's next invoices mostly have the
-- same names. The statement joins nothing, so it has the same plan whatever the tables hold.
CREATE FUNCTION invoices_add_billed_names() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO invoices_billedname (organization_id, title, buyer)
    SELECT DISTINCT organization_id, organization_title, buyer_name FROM added
    ORDER BY organization_id, organization_title, buyer_name
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_add_billed_names
    AFTER INSERT ON invoices_invoice
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_add_billed_names();
