-- The functions of 0085_partners.sql.

CREATE OR REPLACE FUNCTION invoices_recheck_partnership() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION invoices_recheck_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on)
    SELECT DISTINCT organization_id, least(OLD.closed_on, NEW.closed_on)
    FROM organizations_partnership WHERE partner_id = NEW.id;
    RETURN NULL;
END
$$;
