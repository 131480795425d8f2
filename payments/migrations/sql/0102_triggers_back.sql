-- Back to the triggers of 0001_triggers.sql.
DROP FUNCTION pgtrigger_update_update_dd546,
    pgtrigger_belongs_together_f4b72,
    pgtrigger_goes_on_account_3bd92,
    pgtrigger_no_truncate_de5d3,
    pgtrigger_insert_insert_f97f9,
    pgtrigger_update_update_60894,
    pgtrigger_delete_delete_9cb78,
    pgtrigger_frozen_cda54,
    pgtrigger_settles_c21e8,
    pgtrigger_no_truncate_17eee,
    pgtrigger_append_only_dd64b,
    pgtrigger_kept_by_triggers_68a37,
    pgtrigger_no_truncate_708de,
    pgtrigger_nothing_left_d2e0a,
    payments_release_credited CASCADE;

-- Inserted rows become events in payments_paymentevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_24a65() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "payments_paymentevent" (
        "amount", "id", "invoice_id", "method", "paid_on", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "reverses_id"
    )
    SELECT
        new_values."amount", new_values."id", new_values."invoice_id", new_values."method",
        new_values."paid_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."recorded_at", new_values."recorded_by_id",
        new_values."reference", new_values."reverses_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_24a65 ON payments_payment
    IS '152348885e2a3e7cb424ef81611e17d035ed9219';

-- A changed row becomes an event in payments_paymentevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_dd546() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "payments_paymentevent" (
        "amount", "id", "invoice_id", "method", "paid_on", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "reverses_id"
    )
    VALUES (
        NEW."amount", NEW."id", NEW."invoice_id", NEW."method", NEW."paid_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference",
        NEW."reverses_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_dd546
    AFTER UPDATE ON payments_payment
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_dd546();
COMMENT ON TRIGGER pgtrigger_update_update_dd546 ON payments_payment
    IS 'e2ab39ae98d5abc40b5fb1face64765331739681';

-- Deleted rows become events in payments_paymentevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_b2c62() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "payments_paymentevent" (
        "amount", "id", "invoice_id", "method", "paid_on", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "reverses_id"
    )
    SELECT
        old_values."amount", old_values."id", old_values."invoice_id", old_values."method",
        old_values."paid_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."recorded_at", old_values."recorded_by_id",
        old_values."reference", old_values."reverses_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_b2c62 ON payments_payment
    IS 'fbff0ffe43e2aff592f1ddfcf831fc6c5608ccfc';

-- A reversal reverses one payment of the same invoice, in full, and not another reversal.
CREATE FUNCTION pgtrigger_reverses_exactly_5d54f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (
        SELECT FROM payments_payment
        WHERE id = NEW.reverses_id AND reverses_id IS NULL
            AND invoice_id = NEW.invoice_id AND amount = -NEW.amount
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'payment % is not reversed by this', NEW.reverses_id;
END;
$$;
CREATE TRIGGER pgtrigger_reverses_exactly_5d54f
    BEFORE INSERT ON payments_payment
    FOR EACH ROW
    WHEN (NEW."reverses_id" IS NOT NULL)
    EXECUTE FUNCTION pgtrigger_reverses_exactly_5d54f();
COMMENT ON TRIGGER pgtrigger_reverses_exactly_5d54f ON payments_payment
    IS '71a62b836d23adcb382a79c2f65eb5e40fd8881f';

-- A payment reduces what is outstanding; a cancelled invoice takes reversals only.
CREATE FUNCTION pgtrigger_reduces_open_item_3fed0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    UPDATE invoices_openitem SET outstanding = outstanding - NEW.amount
    WHERE invoice_id = NEW.invoice_id
        AND (NEW.reverses_id IS NOT NULL OR NOT is_cancelled);
    IF FOUND THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'document % takes no payment', NEW.invoice_id;
END;
$$;
CREATE TRIGGER pgtrigger_reduces_open_item_3fed0
    AFTER INSERT ON payments_payment
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_reduces_open_item_3fed0();
COMMENT ON TRIGGER pgtrigger_reduces_open_item_3fed0 ON payments_payment
    IS 'bc09fb22113a93ebb5321bf95fb4fef48a9c4717';
