-- Closing of the books, and what it refuses.

-- -------------------------------------------------------------------------------------------------
-- payments_booksclosing: closings of the books
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_2ec43() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF current_setting('billing.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_no_truncate_2ec43
    BEFORE TRUNCATE ON payments_booksclosing
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_2ec43();
COMMENT ON TRIGGER pgtrigger_no_truncate_2ec43 ON payments_booksclosing
    IS '07055e9c022022afbe1969e71e43b45fda96c623';

-- A later month follows, and only the latest closing is reopened, once.
CREATE FUNCTION pgtrigger_in_order_4554b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.reopened_at IS NOT NULL OR NEW.reopened_at IS NULL
        OR NEW.last_on <> OLD.last_on
    ) THEN
        RAISE EXCEPTION 'closing % can only be reopened, once', OLD.id;
    END IF;
    IF EXISTS (
        SELECT FROM payments_booksclosing
        WHERE reopened_at IS NULL AND last_on >= NEW.last_on
            AND (TG_OP = 'INSERT' OR id <> OLD.id)
    ) THEN
        RAISE EXCEPTION 'the books are closed later than %', NEW.last_on;
    END IF;
    IF extract(day FROM NEW.last_on + 1) <> 1 THEN
        RAISE EXCEPTION '% is not the last day of a month', NEW.last_on;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_in_order_4554b
    BEFORE INSERT OR UPDATE ON payments_booksclosing
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_in_order_4554b();
COMMENT ON TRIGGER pgtrigger_in_order_4554b ON payments_booksclosing
    IS 'b705b0c6f3e32ef18380f8035f541cc3cb71931c';

-- Closings are kept.
CREATE FUNCTION pgtrigger_stays_c34a0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_stays_c34a0
    BEFORE DELETE ON payments_booksclosing
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_stays_c34a0();
COMMENT ON TRIGGER pgtrigger_stays_c34a0 ON payments_booksclosing
    IS '65fb5c38449c840ee06dbf3410446a9a69daba8c';

-- -------------------------------------------------------------------------------------------------
-- Closed months
-- -------------------------------------------------------------------------------------------------

-- Documents and payments are not dated into a closed month. Both never change later.
CREATE FUNCTION payments_books_are_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
    earliest date;
BEGIN
    SELECT max(last_on) INTO closed FROM payments_booksclosing WHERE reopened_at IS NULL;
    IF closed IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'invoices_invoice' THEN
        SELECT min(issued_on) INTO earliest FROM added;
    ELSE
        SELECT min(paid_on) INTO earliest FROM added;
    END IF;
    IF earliest <= closed THEN
        RAISE EXCEPTION 'the books are closed through %, so nothing can be dated %', closed, earliest;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER payments_books_are_open
    AFTER INSERT ON invoices_invoice
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION payments_books_are_open();
CREATE TRIGGER payments_books_are_open
    AFTER INSERT ON payments_payment
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION payments_books_are_open();
