-- Tally the items of invoice runs by state. A run of 100,000 organizations is counted on each page.
CREATE FUNCTION invoices_tally_run_items() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO invoices_runtally (run_id, state, items)
        SELECT run_id, state, count(*) FROM added GROUP BY run_id, state;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO invoices_runtally (run_id, state, items)
        SELECT run_id, state, -count(*) FROM removed GROUP BY run_id, state;
    ELSE
        INSERT INTO invoices_runtally (run_id, state, items)
        SELECT run_id, state, sum(sign) FROM (
            SELECT run_id, state, 1 AS sign FROM added
            UNION ALL SELECT run_id, state, -1 FROM removed
        ) AS changed
        GROUP BY run_id, state HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_tally_items_added
    AFTER INSERT ON invoices_runitem
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_run_items();
CREATE TRIGGER invoices_tally_items_removed
    AFTER DELETE ON invoices_runitem
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_run_items();
CREATE TRIGGER invoices_tally_items_changed
    AFTER UPDATE ON invoices_runitem
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_run_items();

CREATE FUNCTION invoices_recount_runs() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE invoices_runitem IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM invoices_runtally;
    INSERT INTO invoices_runtally (run_id, state, items)
    SELECT run_id, state, count(*) FROM invoices_runitem GROUP BY run_id, state;
END
$$;
