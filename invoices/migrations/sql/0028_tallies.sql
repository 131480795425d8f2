-- Tally documents by period and state, for the list of invoices: a row for each kind of change that a
-- statement makes. Issued documents never change, and every invoice is open at first; what becomes of
-- it is an update of its open item.
CREATE FUNCTION invoices_tally_issued() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO invoices_documenttally (
        currency, state, due_on, period_from, period_until, documents, total, outstanding
    )
    SELECT currency, CASE kind WHEN 'invoice' THEN 'open' ELSE kind END, due_on, period_from,
        period_until, count(*), sum(total), sum(CASE kind WHEN 'invoice' THEN total ELSE 0 END)
    FROM added
    GROUP BY currency, kind, due_on, period_from, period_until;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_tally_issued
    AFTER INSERT ON invoices_invoice
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_issued();

CREATE FUNCTION invoices_state_of(
    is_cancelled boolean, outstanding numeric, credited numeric, total numeric
) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN is_cancelled THEN 'cancelled'
    WHEN outstanding <= 0 THEN 'paid'
    WHEN outstanding < total - credited THEN 'part_paid'
    ELSE 'open'
END;

-- The subquery with OFFSET 0 looks each invoice up by its key. PostgreSQL plans the statement once for
-- a connection, and would keep a plan that reads all invoices because the first change was large.
CREATE FUNCTION invoices_tally_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO invoices_documenttally (
        currency, state, due_on, period_from, period_until, documents, total, outstanding
    )
    SELECT changed.currency, state, CASE WHEN state IN ('open', 'part_paid') THEN changed.due_on END,
        period_from, period_until, sum(sign), sum(sign * total), sum(sign * outstanding)
    FROM (
        SELECT 1 AS sign, after.* FROM after UNION ALL SELECT -1, before.* FROM before
    ) AS changed,
        LATERAL (
            SELECT period_from, period_until, total FROM invoices_invoice
            WHERE id = changed.invoice_id OFFSET 0
        ) AS issued,
        LATERAL (
            SELECT invoices_state_of(is_cancelled, outstanding, credited, total) AS state
        ) AS states
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(sign) <> 0 OR sum(sign * outstanding) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_tally_changed
    AFTER UPDATE ON invoices_openitem
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION invoices_tally_changed();

-- Count everything from the beginning. Both tables must be locked: the triggers would count again
-- what happens meanwhile.
CREATE FUNCTION invoices_recount_tallies() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE invoices_invoice, invoices_openitem IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM invoices_documenttally;
    INSERT INTO invoices_documenttally (
        currency, state, due_on, period_from, period_until, documents, total, outstanding
    )
    SELECT currency, state, CASE WHEN state IN ('open', 'part_paid') THEN due_on END, period_from,
        period_until, count(*), sum(total), sum(outstanding)
    FROM (
        SELECT issued.currency, issued.due_on, period_from, period_until, total,
            coalesce(outstanding, 0) AS outstanding,
            CASE kind
                WHEN 'invoice' THEN invoices_state_of(is_cancelled, outstanding, credited, total)
                ELSE kind
            END AS state
        FROM invoices_invoice AS issued
        LEFT JOIN invoices_openitem ON invoice_id = id
    ) AS documents
    GROUP BY 1, 2, 3, 4, 5;
END
$$;
