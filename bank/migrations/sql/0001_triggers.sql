-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration.

-- -------------------------------------------------------------------------------------------------
-- bank_bankaccount: bank accounts
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f9d39() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f9d39
    BEFORE TRUNCATE ON bank_bankaccount
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f9d39();
COMMENT ON TRIGGER pgtrigger_no_truncate_f9d39 ON bank_bankaccount
    IS 'fdd75e62cb6c6b7dfa18069869a85c05c5d257e1';

-- Inserted rows become events in bank_bankaccountevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_2cb9c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "bank_bankaccountevent" (
        "currency", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "posts_certain", "title"
    )
    SELECT
        new_values."currency", new_values."id", new_values."number",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."posts_certain", new_values."title"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_2cb9c
    AFTER INSERT ON bank_bankaccount
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_2cb9c();
COMMENT ON TRIGGER pgtrigger_insert_insert_2cb9c ON bank_bankaccount
    IS '6c523567d012f8c07c165d4c72dbb7e3fedb6443';

-- A changed row becomes an event in bank_bankaccountevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_ba51a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "bank_bankaccountevent" (
        "currency", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "posts_certain", "title"
    )
    VALUES (
        NEW."currency", NEW."id", NEW."number",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."posts_certain", NEW."title"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_ba51a
    AFTER UPDATE ON bank_bankaccount
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_ba51a();
COMMENT ON TRIGGER pgtrigger_update_update_ba51a ON bank_bankaccount
    IS 'e3407e83b47d608b2bda8e3d76346ed4db4785db';

-- Deleted rows become events in bank_bankaccountevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_896ef() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "bank_bankaccountevent" (
        "currency", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "posts_certain", "title"
    )
    SELECT
        old_values."currency", old_values."id", old_values."number",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."posts_certain", old_values."title"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_896ef
    AFTER DELETE ON bank_bankaccount
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_896ef();
COMMENT ON TRIGGER pgtrigger_delete_delete_896ef ON bank_bankaccount
    IS '7edd5c77f1a050dc2236b94db0d93fb10240bd57';

-- -------------------------------------------------------------------------------------------------
-- bank_bankaccountevent: bank account events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f084a() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f084a
    BEFORE TRUNCATE ON bank_bankaccountevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f084a();
COMMENT ON TRIGGER pgtrigger_no_truncate_f084a ON bank_bankaccountevent
    IS 'b02a359c0a00586cd6079f1ab395ffe82d9ecb6e';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_6df21() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_6df21
    BEFORE UPDATE OR DELETE ON bank_bankaccountevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_6df21();
COMMENT ON TRIGGER pgtrigger_append_only_6df21 ON bank_bankaccountevent
    IS '9db78d608778f3b165c2576add9350b5ebab610d';

-- -------------------------------------------------------------------------------------------------
-- bank_bankline: lines of bank statements
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_69013() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_69013
    BEFORE TRUNCATE ON bank_bankline
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_69013();
COMMENT ON TRIGGER pgtrigger_no_truncate_69013 ON bank_bankline
    IS '4af5948bed631f513dda57368b2880c70ee6d8a7';

-- Inserted rows become events in bank_banklineevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_c3d21() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "bank_banklineevent" (
        "account_id", "amount", "bank_reference", "booked_on", "decided_at", "decided_by_id",
        "end_to_end_id", "entry_reference", "id", "ignored_because", "in_doubt", "instructed",
        "is_reversal", "mandate", "name", "other_account", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "reason", "references", "state", "statement_id", "takes_back_id",
        "tax_id", "text", "valued_on"
    )
    SELECT
        new_values."account_id", new_values."amount", new_values."bank_reference",
        new_values."booked_on", new_values."decided_at", new_values."decided_by_id",
        new_values."end_to_end_id", new_values."entry_reference", new_values."id",
        new_values."ignored_because", new_values."in_doubt", new_values."instructed",
        new_values."is_reversal", new_values."mandate", new_values."name",
        new_values."other_account", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'insert', new_values."id", new_values."reason",
        new_values."references", new_values."state", new_values."statement_id",
        new_values."takes_back_id", new_values."tax_id", new_values."text", new_values."valued_on"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_c3d21
    AFTER INSERT ON bank_bankline
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_c3d21();
COMMENT ON TRIGGER pgtrigger_insert_insert_c3d21 ON bank_bankline
    IS '3564b5eddb62feb08e2810c9f2c95878e643ab9f';

-- A changed row becomes an event in bank_banklineevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_e878c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "bank_banklineevent" (
        "account_id", "amount", "bank_reference", "booked_on", "decided_at", "decided_by_id",
        "end_to_end_id", "entry_reference", "id", "ignored_because", "in_doubt", "instructed",
        "is_reversal", "mandate", "name", "other_account", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "reason", "references", "state", "statement_id", "takes_back_id",
        "tax_id", "text", "valued_on"
    )
    VALUES (
        NEW."account_id", NEW."amount", NEW."bank_reference", NEW."booked_on", NEW."decided_at",
        NEW."decided_by_id", NEW."end_to_end_id", NEW."entry_reference", NEW."id",
        NEW."ignored_because", NEW."in_doubt", NEW."instructed", NEW."is_reversal", NEW."mandate",
        NEW."name", NEW."other_account",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reason", NEW."references", NEW."state", NEW."statement_id",
        NEW."takes_back_id", NEW."tax_id", NEW."text", NEW."valued_on"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_e878c
    AFTER UPDATE ON bank_bankline
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_e878c();
COMMENT ON TRIGGER pgtrigger_update_update_e878c ON bank_bankline
    IS '492752cb5a6e173b1610cfe14acc17481b11ee0a';

-- Deleted rows become events in bank_banklineevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_fc1e4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "bank_banklineevent" (
        "account_id", "amount", "bank_reference", "booked_on", "decided_at", "decided_by_id",
        "end_to_end_id", "entry_reference", "id", "ignored_because", "in_doubt", "instructed",
        "is_reversal", "mandate", "name", "other_account", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "reason", "references", "state", "statement_id", "takes_back_id",
        "tax_id", "text", "valued_on"
    )
    SELECT
        old_values."account_id", old_values."amount", old_values."bank_reference",
        old_values."booked_on", old_values."decided_at", old_values."decided_by_id",
        old_values."end_to_end_id", old_values."entry_reference", old_values."id",
        old_values."ignored_because", old_values."in_doubt", old_values."instructed",
        old_values."is_reversal", old_values."mandate", old_values."name",
        old_values."other_account", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'delete', old_values."id", old_values."reason",
        old_values."references", old_values."state", old_values."statement_id",
        old_values."takes_back_id", old_values."tax_id", old_values."text", old_values."valued_on"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_fc1e4
    AFTER DELETE ON bank_bankline
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_fc1e4();
COMMENT ON TRIGGER pgtrigger_delete_delete_fc1e4 ON bank_bankline
    IS '560bf92d76594d87958c449da9708b81ce540902';

-- A line is recorded once payments of its whole amount are, or it takes one back.
CREATE FUNCTION pgtrigger_posted_in_full_198d0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF NEW.amount = coalesce((
        SELECT sum(amount) FROM bank_bankposting WHERE line_id = NEW.id
    ), 0) - coalesce((
        SELECT amount FROM payments_payment WHERE id = NEW.takes_back_id
    ), 0) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'line % is not recorded in full', NEW.id;
END;
$$;
CREATE TRIGGER pgtrigger_posted_in_full_198d0
    BEFORE UPDATE OR INSERT ON bank_bankline
    FOR EACH ROW
    WHEN (NEW."state" = 'posted')
    EXECUTE FUNCTION pgtrigger_posted_in_full_198d0();
COMMENT ON TRIGGER pgtrigger_posted_in_full_198d0 ON bank_bankline
    IS 'fed5622bcdb4b916d3dfb2f433d6f0128f6ecc99';

-- -------------------------------------------------------------------------------------------------
-- bank_banklineevent: bank line events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d03ac() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d03ac
    BEFORE TRUNCATE ON bank_banklineevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d03ac();
COMMENT ON TRIGGER pgtrigger_no_truncate_d03ac ON bank_banklineevent
    IS '32d57cad5720324d77fa3659b136a3b5f62df7d3';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_87f26() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_87f26
    BEFORE UPDATE OR DELETE ON bank_banklineevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_87f26();
COMMENT ON TRIGGER pgtrigger_append_only_87f26 ON bank_banklineevent
    IS 'a66ec8a518fe394ea4e3acb05d2923f14850e2d8';

-- -------------------------------------------------------------------------------------------------
-- bank_bankposting: records of bank lines
-- -------------------------------------------------------------------------------------------------

-- What a line recorded is the amount of the payment.
CREATE FUNCTION pgtrigger_has_the_amount_fb371() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (
        SELECT FROM payments_payment
        WHERE id = NEW.payment_id AND amount = NEW.amount
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'payment % has another amount', NEW.payment_id;
END;
$$;
CREATE TRIGGER pgtrigger_has_the_amount_fb371
    BEFORE INSERT ON bank_bankposting
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_has_the_amount_fb371();
COMMENT ON TRIGGER pgtrigger_has_the_amount_fb371 ON bank_bankposting
    IS 'a252d9ae247beb38f079c2a97032bbe2be9f209d';
