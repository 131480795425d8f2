-- What is charged to a partner depends on its customers: on which they are, and on what they use.

-- A partnership that begins, ends or changes changes what both are charged from its first date on.
CREATE FUNCTION invoices_recheck_partnership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on)
    SELECT DISTINCT id, least(OLD.first_on, NEW.first_on)
    FROM unnest(
        ARRAY[OLD.organization_id, OLD.partner_id, NEW.organization_id, NEW.partner_id]
    ) AS id
    WHERE id IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_partnership
    AFTER INSERT OR UPDATE OR DELETE ON organizations_partnership
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_partnership();

-- A partnership ends with its partner, whose customers are then billed themselves.
CREATE FUNCTION invoices_recheck_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on)
    SELECT DISTINCT organization_id, least(OLD.closed_on, NEW.closed_on)
    FROM organizations_partnership WHERE partner_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_customers
    AFTER UPDATE OF closed_on ON organizations_organization
    FOR EACH ROW
    WHEN (OLD.closed_on IS DISTINCT FROM NEW.closed_on)
    EXECUTE FUNCTION invoices_recheck_customers();

-- What changes the charges of a customer changes those of its partner. Partners have no partners, so
-- the rows that this adds add no others.
CREATE FUNCTION invoices_recheck_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM added JOIN organizations_partnership USING (organization_id)
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT partner_id, min(from_on),
        CASE WHEN bool_and(until_on IS NOT NULL) THEN max(until_on) END
    FROM added JOIN organizations_partnership USING (organization_id)
    GROUP BY partner_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_partner
    AFTER INSERT ON invoices_recheck
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_recheck_partner();
