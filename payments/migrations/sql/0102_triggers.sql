-- The triggers of this app that are new or changed, laid out as in 0001_triggers.sql, and one of
-- ours on open items.

-- Payments no longer change open items themselves: allocations do.
DROP FUNCTION pgtrigger_reduces_open_item_3fed0() CASCADE;
DROP FUNCTION pgtrigger_reverses_exactly_5d54f() CASCADE;
-- The id of a request, which never changes, is not in events.
DROP FUNCTION pgtrigger_update_update_dd546() CASCADE;

-- -------------------------------------------------------------------------------------------------
-- payments_payment: payments and what takes them back
-- -------------------------------------------------------------------------------------------------

-- Inserted rows become events in payments_paymentevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_24a65() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "payments_paymentevent" (
        "amount", "currency", "id", "invoice_id", "kind", "method", "organization_id",
        "owner_id", "paid_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "recorded_at", "recorded_by_id", "reference", "reverses_id", "transferred_from_id"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."id",
        new_values."invoice_id", new_values."kind", new_values."method",
        new_values."organization_id", new_values."owner_id", new_values."paid_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."recorded_at", new_values."recorded_by_id",
        new_values."reference", new_values."reverses_id", new_values."transferred_from_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_24a65 ON payments_payment
    IS '5ff73d06d5e2960ff63644a733e16fb890516051';

-- A changed row becomes an event in payments_paymentevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_dd546() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "payments_paymentevent" (
        "amount", "currency", "id", "invoice_id", "kind", "method", "organization_id",
        "owner_id", "paid_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "recorded_at", "recorded_by_id", "reference", "reverses_id", "transferred_from_id"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."id", NEW."invoice_id",
        NEW."kind", NEW."method", NEW."organization_id", NEW."owner_id", NEW."paid_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference",
        NEW."reverses_id", NEW."transferred_from_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_dd546
    AFTER UPDATE ON payments_payment
    FOR EACH ROW
    WHEN (
        OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."currency" IS DISTINCT FROM
        (NEW."currency") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invoice_id" IS
        DISTINCT FROM (NEW."invoice_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR
        OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."organization_id" IS DISTINCT
        FROM (NEW."organization_id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR
        OLD."paid_on" IS DISTINCT FROM (NEW."paid_on") OR OLD."recorded_at" IS DISTINCT FROM
        (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id")
        OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."reverses_id" IS
        DISTINCT FROM (NEW."reverses_id") OR OLD."transferred_from_id" IS DISTINCT FROM
        (NEW."transferred_from_id")
    )
    EXECUTE FUNCTION pgtrigger_update_update_dd546();
COMMENT ON TRIGGER pgtrigger_update_update_dd546 ON payments_payment
    IS '4b53272a8fbce929a2de4618c24ceb28878fcfb9';

-- Deleted rows become events in payments_paymentevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_b2c62() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "payments_paymentevent" (
        "amount", "currency", "id", "invoice_id", "kind", "method", "organization_id",
        "owner_id", "paid_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "recorded_at", "recorded_by_id", "reference", "reverses_id", "transferred_from_id"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."id",
        old_values."invoice_id", old_values."kind", old_values."method",
        old_values."organization_id", old_values."owner_id", old_values."paid_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."recorded_at", old_values."recorded_by_id",
        old_values."reference", old_values."reverses_id", old_values."transferred_from_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_b2c62 ON payments_payment
    IS 'a64fe646ffde93ade254307bd51fb4f0017b7dab';

-- A payment names an invoice of its organization; reversals and transfers are of the same amount.
CREATE FUNCTION pgtrigger_belongs_together_f4b72() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF NEW.invoice_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM invoices_invoice
        WHERE id = NEW.invoice_id AND kind = 'invoice'
            AND organization_id = NEW.organization_id AND currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'document % takes no payment', NEW.invoice_id;
    END IF;
    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM payments_payment
        WHERE id = NEW.reverses_id AND reverses_id IS NULL
            AND organization_id = NEW.organization_id AND currency = NEW.currency
            AND invoice_id IS NOT DISTINCT FROM NEW.invoice_id
            AND kind = NEW.kind AND amount = -NEW.amount
    ) THEN
        RAISE EXCEPTION 'payment % is not reversed by this', NEW.reverses_id;
    END IF;
    IF NEW.transferred_from_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM payments_payment
        WHERE id = NEW.transferred_from_id AND kind = 'transfer'
            AND reverses_id IS NULL AND currency = NEW.currency
            AND organization_id <> NEW.organization_id AND amount = -NEW.amount
    ) THEN
        RAISE EXCEPTION 'payment % is not transferred by this',
            NEW.transferred_from_id;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_belongs_together_f4b72
    BEFORE INSERT ON payments_payment
    FOR EACH ROW
    WHEN (
        NEW."invoice_id" IS NOT NULL OR NEW."reverses_id" IS NOT NULL
        OR NEW."transferred_from_id" IS NOT NULL
    )
    EXECUTE FUNCTION pgtrigger_belongs_together_f4b72();
COMMENT ON TRIGGER pgtrigger_belongs_together_f4b72 ON payments_payment
    IS 'e874e354d53ba5527ceadadb84395c3b0abe218b';

-- What a payment brings is on account at first; a reversal takes back all that it paid.
CREATE FUNCTION pgtrigger_goes_on_account_3bd92() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    back record;
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO payments_onaccount (
        payment_id, organization_id, currency, kind, amount, remaining
    )
    SELECT id, organization_id, currency, kind, amount, amount FROM added;
    FOR back IN SELECT * FROM added WHERE reverses_id IS NOT NULL ORDER BY id LOOP
        INSERT INTO payments_allocation (
            payment_id, invoice_id, payout_id, amount, allocated_at,
            allocated_by_id
        )
        SELECT payment_id, invoice_id, payout_id, -sum(amount), back.recorded_at,
            back.recorded_by_id
        FROM payments_allocation
        WHERE payment_id = back.reverses_id OR payout_id = back.reverses_id
        GROUP BY payment_id, invoice_id, payout_id
        HAVING sum(amount) <> 0;
        INSERT INTO payments_allocation (
            payment_id, payout_id, amount, allocated_at, allocated_by_id
        )
        VALUES (
            CASE WHEN back.amount < 0 THEN back.reverses_id ELSE back.id END,
            CASE WHEN back.amount < 0 THEN back.id ELSE back.reverses_id END,
            abs(back.amount), back.recorded_at, back.recorded_by_id
        );
    END LOOP;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_goes_on_account_3bd92
    AFTER INSERT ON payments_payment
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_goes_on_account_3bd92();
COMMENT ON TRIGGER pgtrigger_goes_on_account_3bd92 ON payments_payment
    IS '52f6ae2d74a50f40880b6a5b9c1d7d7a7ccfb974';

-- -------------------------------------------------------------------------------------------------
-- payments_allocation: what payments pay
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_de5d3() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_de5d3
    BEFORE TRUNCATE ON payments_allocation
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_de5d3();
COMMENT ON TRIGGER pgtrigger_no_truncate_de5d3 ON payments_allocation
    IS 'b39450728f72ddc242d0605bd7becbbdfe7da673';

-- Inserted rows become events in payments_allocationevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_f97f9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "payments_allocationevent" (
        "allocated_at", "allocated_by_id", "amount", "id", "invoice_id", "payment_id",
        "payout_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."allocated_at", new_values."allocated_by_id",
        new_values."amount", new_values."id", new_values."invoice_id", new_values."payment_id",
        new_values."payout_id", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'insert', new_values."id" FROM ( SELECT new_values.* FROM
        new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_f97f9
    AFTER INSERT ON payments_allocation
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_f97f9();
COMMENT ON TRIGGER pgtrigger_insert_insert_f97f9 ON payments_allocation
    IS '47e4251906ed826f945285cf2f573cde0d83e528';

-- A changed row becomes an event in payments_allocationevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_60894() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "payments_allocationevent" (
        "allocated_at", "allocated_by_id", "amount", "id", "invoice_id", "payment_id",
        "payout_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."allocated_at", NEW."allocated_by_id", NEW."amount", NEW."id",
        NEW."invoice_id", NEW."payment_id", NEW."payout_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_60894
    AFTER UPDATE ON payments_allocation
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_60894();
COMMENT ON TRIGGER pgtrigger_update_update_60894 ON payments_allocation
    IS '14837e221a400edea5639acda87ea6d88ea67e13';

-- Deleted rows become events in payments_allocationevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_9cb78() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "payments_allocationevent" (
        "allocated_at", "allocated_by_id", "amount", "id", "invoice_id", "payment_id",
        "payout_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."allocated_at", old_values."allocated_by_id",
        old_values."amount", old_values."id", old_values."invoice_id", old_values."payment_id",
        old_values."payout_id", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'delete', old_values."id" FROM ( SELECT old_values.* FROM
        old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_9cb78
    AFTER DELETE ON payments_allocation
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_9cb78();
COMMENT ON TRIGGER pgtrigger_delete_delete_9cb78 ON payments_allocation
    IS '4c05109bb79182872432d1807f5e91c268e0b2ae';

-- An allocation stays: it is taken back by one of the negated amount.
CREATE FUNCTION pgtrigger_frozen_cda54() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_cda54
    BEFORE UPDATE OR DELETE ON payments_allocation
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_cda54();
COMMENT ON TRIGGER pgtrigger_frozen_cda54 ON payments_allocation
    IS '62b2fb0fd209ee214b693e167e7541d02439f416';

-- Never more than the payment, never more than the open item.
CREATE FUNCTION pgtrigger_settles_c21e8() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record;
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    FOR part IN
        SELECT added.invoice_id, paid.organization_id, paid.currency,
            sum(added.amount) AS amount
        FROM added, LATERAL (
            SELECT organization_id, currency FROM payments_onaccount
            WHERE payment_id = added.payment_id OFFSET 0
        ) AS paid
        WHERE added.invoice_id IS NOT NULL
        GROUP BY added.invoice_id, paid.organization_id, paid.currency
        ORDER BY added.invoice_id
    LOOP
        UPDATE invoices_openitem SET outstanding = outstanding - part.amount
        WHERE invoice_id = part.invoice_id
            AND organization_id = part.organization_id
            AND currency = part.currency
            AND (
                part.amount <= 0
                OR NOT is_cancelled AND outstanding >= part.amount
            );
        IF NOT FOUND THEN
            RAISE EXCEPTION 'document % takes no payment of %', part.invoice_id,
                part.amount;
        END IF;
    END LOOP;
    FOR part IN
        SELECT id, sum(amount) AS amount
        FROM (
            SELECT payment_id AS id, amount FROM added
            UNION ALL
            SELECT payout_id, -amount FROM added WHERE payout_id IS NOT NULL
        ) AS used
        GROUP BY id ORDER BY id
    LOOP
        UPDATE payments_onaccount SET remaining = remaining - part.amount
        WHERE payment_id = part.id;
    END LOOP;
    IF EXISTS (
        SELECT FROM added, LATERAL (
            SELECT sum(amount) AS amount FROM payments_allocation
            WHERE payment_id = added.payment_id
                AND invoice_id IS NOT DISTINCT FROM added.invoice_id
                AND payout_id IS NOT DISTINCT FROM added.payout_id
            OFFSET 0
        ) AS allocated
        WHERE added.amount < 0 AND allocated.amount < 0
    ) THEN
        RAISE EXCEPTION 'more is taken back than was allocated';
    END IF;
    IF EXISTS (
        SELECT FROM added
        JOIN payments_onaccount AS paid ON paid.payment_id = added.payment_id
        JOIN payments_onaccount AS out ON out.payment_id = added.payout_id
        WHERE paid.organization_id <> out.organization_id
            OR paid.currency <> out.currency
    ) THEN
        RAISE EXCEPTION 'a payment of another organization or currency';
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_settles_c21e8
    AFTER INSERT ON payments_allocation
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_settles_c21e8();
COMMENT ON TRIGGER pgtrigger_settles_c21e8 ON payments_allocation
    IS '1f553baa2b88289a1fd6b2b8193e7712b2f24f9a';

-- -------------------------------------------------------------------------------------------------
-- payments_allocationevent: events of payments_allocation
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_17eee() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_17eee
    BEFORE TRUNCATE ON payments_allocationevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_17eee();
COMMENT ON TRIGGER pgtrigger_no_truncate_17eee ON payments_allocationevent
    IS '89878cc9bd059fabe3aebf1e69360193413ed2e2';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_dd64b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_dd64b
    BEFORE UPDATE OR DELETE ON payments_allocationevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_dd64b();
COMMENT ON TRIGGER pgtrigger_append_only_dd64b ON payments_allocationevent
    IS 'b208e37908e2ce20f97c2baa1c46f9809e944c4e';

-- -------------------------------------------------------------------------------------------------
-- payments_onaccount: what is left of payments
-- -------------------------------------------------------------------------------------------------

-- Only triggers write it.
CREATE FUNCTION pgtrigger_kept_by_triggers_68a37() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot insert or update or delete rows from % table',
        TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_kept_by_triggers_68a37
    BEFORE INSERT OR UPDATE OR DELETE ON payments_onaccount
    FOR EACH ROW
    WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION pgtrigger_kept_by_triggers_68a37();
COMMENT ON TRIGGER pgtrigger_kept_by_triggers_68a37 ON payments_onaccount
    IS '7a2d086c38efce6422c22bdc6ec64be37aee13cd';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_708de() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_708de
    BEFORE TRUNCATE ON payments_onaccount
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_708de();
COMMENT ON TRIGGER pgtrigger_no_truncate_708de ON payments_onaccount
    IS '61052dcee700b1b211dc2bca389d20eb8baec960';

-- Nothing may be left of a write-off or a payout when the transaction ends.
CREATE FUNCTION pgtrigger_nothing_left_d2e0a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (
        SELECT FROM payments_onaccount
        WHERE payment_id = NEW.payment_id AND remaining <> 0
    ) THEN
        RAISE EXCEPTION 'payment % must not be left on account', NEW.payment_id;
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER pgtrigger_nothing_left_d2e0a
    AFTER INSERT OR UPDATE ON payments_onaccount
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.remaining <> 0 AND (NEW.amount < 0 OR NEW.kind = 'write_off'))
    EXECUTE FUNCTION pgtrigger_nothing_left_d2e0a();
COMMENT ON TRIGGER pgtrigger_nothing_left_d2e0a ON payments_onaccount
    IS '56a4c3ee6a7adeeecf92a2661e8e8b2ff7bc9d2c';

-- -------------------------------------------------------------------------------------------------
-- invoices_openitem: what credit notes leave paid too much
-- -------------------------------------------------------------------------------------------------

-- A credit note can leave an invoice paid too much. Its newest payments then pay less, write-offs
-- first; what was written off too much is taken back on the date of the credit note.
CREATE FUNCTION payments_release_credited() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    excess numeric := -NEW.outstanding;
    part record;
    taken numeric;
    note record;
    back bigint;
BEGIN
    FOR part IN
        SELECT payment.*, allocated.amount AS allocated
        FROM (
            SELECT payment_id, sum(amount) AS amount FROM payments_allocation
            WHERE invoice_id = NEW.invoice_id
            GROUP BY payment_id HAVING sum(amount) > 0
        ) AS allocated
        JOIN payments_payment AS payment ON payment.id = allocated.payment_id
        ORDER BY payment.kind = 'write_off' DESC, payment.paid_on DESC, payment.id DESC
    LOOP
        EXIT WHEN excess <= 0;
        taken := least(excess, part.allocated);
        excess := excess - taken;
        SELECT INTO note issued_on, issued_at, issued_by_id FROM invoices_invoice
        WHERE cancels_id = NEW.invoice_id OR id IN (
            SELECT document_id FROM invoices_correction
            WHERE corrects_id = NEW.invoice_id AND stands_alone
        )
        ORDER BY id DESC LIMIT 1;
        INSERT INTO payments_allocation (
            payment_id, invoice_id, amount, allocated_at, allocated_by_id
        )
        VALUES (part.id, NEW.invoice_id, -taken, note.issued_at, note.issued_by_id);
        IF part.kind = 'write_off' THEN
            INSERT INTO payments_payment (
                organization_id, currency, kind, invoice_id, owner_id, paid_on, amount, method,
                reference, recorded_at, recorded_by_id
            )
            VALUES (
                part.organization_id, part.currency, part.kind, part.invoice_id, part.owner_id,
                note.issued_on, -taken, part.method, part.reference, note.issued_at,
                note.issued_by_id
            )
            RETURNING id INTO back;
            INSERT INTO payments_allocation (
                payment_id, payout_id, amount, allocated_at, allocated_by_id
            )
            VALUES (part.id, back, taken, note.issued_at, note.issued_by_id);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER payments_release_credited
    AFTER UPDATE ON invoices_openitem
    FOR EACH ROW
    WHEN (NEW.outstanding < 0 AND NEW.credited > OLD.credited)
    EXECUTE FUNCTION payments_release_credited();
