-- What changes charges is recorded in invoices_recheck, whose rows a job of invoices takes. Copied
-- from there in the same transaction, another job finds it too, whichever of both is the first.
CREATE FUNCTION reports_changed_dates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_changeddates (organization_id, from_on, until_on)
    SELECT organization_id, from_on, until_on FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER reports_changed_dates
    AFTER INSERT ON invoices_recheck
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION reports_changed_dates();
