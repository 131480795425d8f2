-- Tally the months without an invoice by currency, and the organizations that have some, in rows
-- without a currency. An organization comes or goes if it had no months before a statement, or has
-- none after it. Writing its months requires a lock of the organization, so two statements do not do so at the
-- same time.
--
-- The subquery with OFFSET 0 looks each organization up by its key, as in 0028_tallies.sql.
CREATE FUNCTION invoices_tally_uninvoiced() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO invoices_uninvoicedtally (currency, months, amount, organizations)
        SELECT currency, count(*), sum(amount), 0 FROM added GROUP BY currency
        UNION ALL
        SELECT '', 0, 0, count(*)
        FROM (SELECT organization_id, count(*) AS more FROM added GROUP BY 1) AS changed,
            LATERAL (
                SELECT count(*) AS months FROM invoices_uninvoicedmonth AS held
                WHERE held.organization_id = changed.organization_id OFFSET 0
            ) AS present
        WHERE months = more
        HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO invoices_uninvoicedtally (currency, months, amount, organizations)
        SELECT currency, -count(*), -sum(amount), 0 FROM removed GROUP BY currency
        UNION ALL
        SELECT '', 0, 0, -count(*)
        FROM (SELECT DISTINCT organization_id FROM removed) AS changed,
            LATERAL (
                SELECT count(*) AS months FROM invoices_uninvoicedmonth AS held
                WHERE held.organization_id = changed.organization_id OFFSET 0
            ) AS present
        WHERE months = 0
        HAVING count(*) > 0;
    ELSE
        IF EXISTS (
            SELECT FROM (
                SELECT id, organization_id FROM added EXCEPT SELECT id, organization_id FROM removed
            ) AS moved
        ) THEN
            RAISE EXCEPTION 'a month without an invoice stays with its organization';
        END IF;
        INSERT INTO invoices_uninvoicedtally (currency, months, amount, organizations)
        SELECT currency, sum(sign), sum(sign * amount), 0 FROM (
            SELECT currency, amount, 1 AS sign FROM added
            UNION ALL SELECT currency, amount, -1 FROM removed
        ) AS changed
        GROUP BY currency HAVING sum(sign) <> 0 OR sum(sign * amount) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_tally_uninvoiced_added
    AFTER INSERT ON invoices_uninvoicedmonth
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_uninvoiced();
CREATE TRIGGER invoices_tally_uninvoiced_removed
    AFTER DELETE ON invoices_uninvoicedmonth
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_uninvoiced();
CREATE TRIGGER invoices_tally_uninvoiced_changed
    AFTER UPDATE ON invoices_uninvoicedmonth
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_uninvoiced();

CREATE FUNCTION invoices_recount_uninvoiced() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE invoices_uninvoicedmonth IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM invoices_uninvoicedtally;
    INSERT INTO invoices_uninvoicedtally (currency, months, amount, organizations)
    SELECT currency, count(*), sum(amount), 0 FROM invoices_uninvoicedmonth GROUP BY currency
    UNION ALL
    SELECT '', 0, 0, count(DISTINCT organization_id) FROM invoices_uninvoicedmonth
    HAVING count(*) > 0;
END
$$;
