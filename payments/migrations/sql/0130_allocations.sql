-- Allocations are not dated into a closed month either: the journal states the day of each.
CREATE FUNCTION payments_allocations_are_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed timestamptz;
    earliest timestamptz;
BEGIN
    SELECT max(ends_at) INTO closed FROM payments_booksclosing WHERE reopened_at IS NULL;
    IF closed IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT min(allocated_at) INTO earliest FROM added;
    IF earliest < closed THEN
        RAISE EXCEPTION 'the books are closed until %, so nothing can be allocated at %',
            closed, earliest;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER payments_allocations_are_open
    AFTER INSERT ON payments_allocation
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION payments_allocations_are_open();
