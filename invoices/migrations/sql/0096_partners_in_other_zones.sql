-- The dates of a partnership are those of the customer. For a partner in another time zone they begin up to
-- a day earlier, and so does what its customers are billed again after its last day.

CREATE OR REPLACE FUNCTION invoices_recheck_partnership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on)
    SELECT DISTINCT id, least(OLD.first_on, NEW.first_on) - 1
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
    SELECT DISTINCT organization_id, least(OLD.closed_on, NEW.closed_on) - 1
    FROM organizations_partnership WHERE partner_id = NEW.id;
    RETURN NULL;
END
$$;

-- Invoices that were not compared when their partnership changed.
INSERT INTO invoices_recheck (organization_id, from_on)
SELECT partner_id, min(first_on) - 1 FROM organizations_partnership GROUP BY partner_id;
