-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration, by which `manage.py pgtrigger ls` tells whether
-- the trigger is that of the model. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_provider: who issues invoices
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_eafd0() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_eafd0
    BEFORE TRUNCATE ON invoices_provider
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_eafd0();
COMMENT ON TRIGGER pgtrigger_no_truncate_eafd0 ON invoices_provider
    IS 'bc06daa99026fc05b6b57e9da1fa8524e24df38f';

-- Inserted rows become events in invoices_providerevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_c03e3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "city", "country", "credit_note_prefix", "days_to_pay",
        "email", "id", "invoice_prefix", "logo_id", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id"
    )
    SELECT
        new_values."account_number", new_values."bank", new_values."bic", new_values."city",
        new_values."country", new_values."credit_note_prefix", new_values."days_to_pay",
        new_values."email", new_values."id", new_values."invoice_prefix", new_values."logo_id",
        new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."street",
        new_values."tax_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_c03e3
    AFTER INSERT ON invoices_provider
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_c03e3();
COMMENT ON TRIGGER pgtrigger_insert_insert_c03e3 ON invoices_provider
    IS '76bfecc6844cb6c1b5f16ad8623ab4283bb591eb';

-- A changed row becomes an event in invoices_providerevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_47969() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "city", "country", "credit_note_prefix", "days_to_pay",
        "email", "id", "invoice_prefix", "logo_id", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id"
    )
    VALUES (
        NEW."account_number", NEW."bank", NEW."bic", NEW."city", NEW."country",
        NEW."credit_note_prefix", NEW."days_to_pay", NEW."email", NEW."id", NEW."invoice_prefix",
        NEW."logo_id", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."street", NEW."tax_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_47969
    AFTER UPDATE ON invoices_provider
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_47969();
COMMENT ON TRIGGER pgtrigger_update_update_47969 ON invoices_provider
    IS 'dc4b88ba8dca28e65eadf05e2e592897cfbda5d6';

-- Deleted rows become events in invoices_providerevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_ea83f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "city", "country", "credit_note_prefix", "days_to_pay",
        "email", "id", "invoice_prefix", "logo_id", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id"
    )
    SELECT
        old_values."account_number", old_values."bank", old_values."bic", old_values."city",
        old_values."country", old_values."credit_note_prefix", old_values."days_to_pay",
        old_values."email", old_values."id", old_values."invoice_prefix", old_values."logo_id",
        old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."street",
        old_values."tax_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_ea83f
    AFTER DELETE ON invoices_provider
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_ea83f();
COMMENT ON TRIGGER pgtrigger_delete_delete_ea83f ON invoices_provider
    IS 'd926794e83a3d7d553ca0ad15d856476b5c8329f';

-- -------------------------------------------------------------------------------------------------
-- invoices_providerevent: events of invoices_provider
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c7edf() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c7edf
    BEFORE TRUNCATE ON invoices_providerevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c7edf();
COMMENT ON TRIGGER pgtrigger_no_truncate_c7edf ON invoices_providerevent
    IS '4b028f43b4dd43c252ad4913855a057b81be459d';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_72892() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_72892
    BEFORE UPDATE OR DELETE ON invoices_providerevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_72892();
COMMENT ON TRIGGER pgtrigger_append_only_72892 ON invoices_providerevent
    IS '378f9931b7c8609e880345b0e0dd2262a0cb47f0';

-- -------------------------------------------------------------------------------------------------
-- invoices_invoice: issued invoices and credit notes; events leave out seller, account and buyer
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_557ba() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_557ba
    BEFORE TRUNCATE ON invoices_invoice
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_557ba();
COMMENT ON TRIGGER pgtrigger_no_truncate_557ba ON invoices_invoice
    IS '0277480df5a12f9a11269e8e4a9e7f810ae9b4f0';

-- Inserted rows become events in invoices_invoiceevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_b68e1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_invoiceevent" (
        "buyer_name", "buyer_reference", "cancels_id", "charges_sha256", "currency", "digits",
        "due_on", "id", "issued_at", "issued_by_id", "issued_on", "kind", "language", "logo_id",
        "net", "number", "organization_id", "organization_title", "period_from", "period_until",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_amount", "tax_category",
        "tax_rate", "tax_reason", "total"
    )
    SELECT
        new_values."buyer_name", new_values."buyer_reference", new_values."cancels_id",
        new_values."charges_sha256", new_values."currency", new_values."digits",
        new_values."due_on", new_values."id", new_values."issued_at", new_values."issued_by_id",
        new_values."issued_on", new_values."kind", new_values."language", new_values."logo_id",
        new_values."net", new_values."number", new_values."organization_id",
        new_values."organization_title", new_values."period_from", new_values."period_until",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tax_amount", new_values."tax_category",
        new_values."tax_rate", new_values."tax_reason", new_values."total"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_b68e1
    AFTER INSERT ON invoices_invoice
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_b68e1();
COMMENT ON TRIGGER pgtrigger_insert_insert_b68e1 ON invoices_invoice
    IS 'a957f8ecb1e3645634bb40bd43d57cb5d2543700';

-- A changed row becomes an event in invoices_invoiceevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_2ec8f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_invoiceevent" (
        "buyer_name", "buyer_reference", "cancels_id", "charges_sha256", "currency", "digits",
        "due_on", "id", "issued_at", "issued_by_id", "issued_on", "kind", "language", "logo_id",
        "net", "number", "organization_id", "organization_title", "period_from", "period_until",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_amount", "tax_category",
        "tax_rate", "tax_reason", "total"
    )
    VALUES (
        NEW."buyer_name", NEW."buyer_reference", NEW."cancels_id", NEW."charges_sha256",
        NEW."currency", NEW."digits", NEW."due_on", NEW."id", NEW."issued_at", NEW."issued_by_id",
        NEW."issued_on", NEW."kind", NEW."language", NEW."logo_id", NEW."net", NEW."number",
        NEW."organization_id", NEW."organization_title", NEW."period_from", NEW."period_until",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tax_amount", NEW."tax_category", NEW."tax_rate",
        NEW."tax_reason", NEW."total"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_2ec8f
    AFTER UPDATE ON invoices_invoice
    FOR EACH ROW WHEN (
        OLD."buyer_name" IS DISTINCT FROM (NEW."buyer_name")
        OR OLD."buyer_reference" IS DISTINCT FROM (NEW."buyer_reference")
        OR OLD."cancels_id" IS DISTINCT FROM (NEW."cancels_id")
        OR OLD."charges_sha256" IS DISTINCT FROM (NEW."charges_sha256")
        OR OLD."currency" IS DISTINCT FROM (NEW."currency")
        OR OLD."digits" IS DISTINCT FROM (NEW."digits")
        OR OLD."due_on" IS DISTINCT FROM (NEW."due_on")
        OR OLD."id" IS DISTINCT FROM (NEW."id")
        OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at")
        OR OLD."issued_by_id" IS DISTINCT FROM (NEW."issued_by_id")
        OR OLD."issued_on" IS DISTINCT FROM (NEW."issued_on")
        OR OLD."kind" IS DISTINCT FROM (NEW."kind")
        OR OLD."language" IS DISTINCT FROM (NEW."language")
        OR OLD."logo_id" IS DISTINCT FROM (NEW."logo_id")
        OR OLD."net" IS DISTINCT FROM (NEW."net")
        OR OLD."number" IS DISTINCT FROM (NEW."number")
        OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id")
        OR OLD."organization_title" IS DISTINCT FROM (NEW."organization_title")
        OR OLD."period_from" IS DISTINCT FROM (NEW."period_from")
        OR OLD."period_until" IS DISTINCT FROM (NEW."period_until")
        OR OLD."tax_amount" IS DISTINCT FROM (NEW."tax_amount")
        OR OLD."tax_category" IS DISTINCT FROM (NEW."tax_category")
        OR OLD."tax_rate" IS DISTINCT FROM (NEW."tax_rate")
        OR OLD."tax_reason" IS DISTINCT FROM (NEW."tax_reason")
        OR OLD."total" IS DISTINCT FROM (NEW."total")
    )
    EXECUTE FUNCTION pgtrigger_update_update_2ec8f();
COMMENT ON TRIGGER pgtrigger_update_update_2ec8f ON invoices_invoice
    IS '9e9ffd4f431832b4db179202241f7aac9e2ab735';

-- Deleted rows become events in invoices_invoiceevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_87c50() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_invoiceevent" (
        "buyer_name", "buyer_reference", "cancels_id", "charges_sha256", "currency", "digits",
        "due_on", "id", "issued_at", "issued_by_id", "issued_on", "kind", "language", "logo_id",
        "net", "number", "organization_id", "organization_title", "period_from", "period_until",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_amount", "tax_category",
        "tax_rate", "tax_reason", "total"
    )
    SELECT
        old_values."buyer_name", old_values."buyer_reference", old_values."cancels_id",
        old_values."charges_sha256", old_values."currency", old_values."digits",
        old_values."due_on", old_values."id", old_values."issued_at", old_values."issued_by_id",
        old_values."issued_on", old_values."kind", old_values."language", old_values."logo_id",
        old_values."net", old_values."number", old_values."organization_id",
        old_values."organization_title", old_values."period_from", old_values."period_until",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tax_amount", old_values."tax_category",
        old_values."tax_rate", old_values."tax_reason", old_values."total"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_87c50
    AFTER DELETE ON invoices_invoice
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_87c50();
COMMENT ON TRIGGER pgtrigger_delete_delete_87c50 ON invoices_invoice
    IS 'c4c1ae4466a14216102e9b196ee53b7f476c0a1f';

-- A document stays as it was issued.
CREATE FUNCTION pgtrigger_frozen_a010a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_a010a
    BEFORE UPDATE OR DELETE ON invoices_invoice
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_a010a();
COMMENT ON TRIGGER pgtrigger_frozen_a010a ON invoices_invoice
    IS '9a4b2cd3c3baa0fc1da116a29c47e4535c00435b';

-- An invoice opens an item; a credit note cancels that of its invoice.
CREATE FUNCTION pgtrigger_opens_or_cancels_a193a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF NEW.kind = 'credit_note' THEN
        UPDATE invoices_openitem
        SET is_cancelled = true, outstanding = outstanding - NEW.total
        WHERE invoice_id = NEW.cancels_id;
    ELSE
        INSERT INTO invoices_openitem (
            invoice_id, organization_id, currency, due_on, outstanding, is_cancelled
        ) VALUES (
            NEW.id, NEW.organization_id, NEW.currency, NEW.due_on, NEW.total, false
        );
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_opens_or_cancels_a193a
    AFTER INSERT ON invoices_invoice
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_opens_or_cancels_a193a();
COMMENT ON TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice
    IS '0d55373c807a877685d9ff9977a91623b0ae14cf';

-- -------------------------------------------------------------------------------------------------
-- invoices_invoiceevent: events of invoices_invoice
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_0e00c() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_0e00c
    BEFORE TRUNCATE ON invoices_invoiceevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_0e00c();
COMMENT ON TRIGGER pgtrigger_no_truncate_0e00c ON invoices_invoiceevent
    IS 'f526810fe1214fbbb6a6fb719b857e7292402708';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_57dc8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_57dc8
    BEFORE UPDATE OR DELETE ON invoices_invoiceevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_57dc8();
COMMENT ON TRIGGER pgtrigger_append_only_57dc8 ON invoices_invoiceevent
    IS 'cca899dfd766a0d6b5433760176121369b250fc9';

-- -------------------------------------------------------------------------------------------------
-- invoices_invoiceline: lines of invoices
-- -------------------------------------------------------------------------------------------------

-- A line stays as it was issued.
CREATE FUNCTION pgtrigger_frozen_1b96d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_1b96d
    BEFORE UPDATE OR DELETE ON invoices_invoiceline
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_1b96d();
COMMENT ON TRIGGER pgtrigger_frozen_1b96d ON invoices_invoiceline
    IS '09917048ce6976f8047c9f5a9a4ea9e84e68c8c4';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_4041b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_4041b
    BEFORE TRUNCATE ON invoices_invoiceline
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_4041b();
COMMENT ON TRIGGER pgtrigger_no_truncate_4041b ON invoices_invoiceline
    IS '10923dabc7539384d6186e6679195ef29f49cb6e';

-- All lines of a document come by one statement, which must bring the first line.
CREATE FUNCTION pgtrigger_all_by_one_statement_bddc1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document bigint;
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    SELECT INTO document invoice_id
    FROM added GROUP BY invoice_id HAVING min(position) <> 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'document % takes no more lines', document;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_all_by_one_statement_bddc1
    AFTER INSERT ON invoices_invoiceline
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_all_by_one_statement_bddc1();
COMMENT ON TRIGGER pgtrigger_all_by_one_statement_bddc1 ON invoices_invoiceline
    IS '4077680ea099a0eed1c6096220d9d9d13eba9103';

-- -------------------------------------------------------------------------------------------------
-- invoices_invoicedperiod: periods for which an invoice stands
-- -------------------------------------------------------------------------------------------------

-- A period cannot be changed.
CREATE FUNCTION pgtrigger_stays_817f8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_stays_817f8
    BEFORE UPDATE ON invoices_invoicedperiod
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_stays_817f8();
COMMENT ON TRIGGER pgtrigger_stays_817f8 ON invoices_invoicedperiod
    IS '5d2472f72ec148cf25fd1874be4db0576db5904a';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_a204c() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_a204c
    BEFORE TRUNCATE ON invoices_invoicedperiod
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_a204c();
COMMENT ON TRIGGER pgtrigger_no_truncate_a204c ON invoices_invoicedperiod
    IS '29df2c3d4530f3659d41db2e4b96281a70cd4711';

-- A period is freed only after a credit note has cancelled its invoice.
CREATE FUNCTION pgtrigger_ends_by_credit_note_6b451() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (SELECT FROM invoices_invoice WHERE cancels_id = OLD.invoice_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'invoice % stands: only a credit note cancels it',
        OLD.invoice_id;
END;
$$;
CREATE TRIGGER pgtrigger_ends_by_credit_note_6b451
    BEFORE DELETE ON invoices_invoicedperiod
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_ends_by_credit_note_6b451();
COMMENT ON TRIGGER pgtrigger_ends_by_credit_note_6b451 ON invoices_invoicedperiod
    IS 'c5aaadbc5688f7ac58d029b964598cc77e0b3acf';

-- -------------------------------------------------------------------------------------------------
-- invoices_openitem: what is outstanding of each invoice
-- -------------------------------------------------------------------------------------------------

-- Only the triggers of invoices and payments write here.
CREATE FUNCTION pgtrigger_kept_by_triggers_43f60() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot insert or update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_kept_by_triggers_43f60
    BEFORE INSERT OR UPDATE OR DELETE ON invoices_openitem
    FOR EACH ROW
    WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION pgtrigger_kept_by_triggers_43f60();
COMMENT ON TRIGGER pgtrigger_kept_by_triggers_43f60 ON invoices_openitem
    IS 'bbc5b9b9f0e1d4d18ef7814f898aa48042cd9ec0';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_3b84b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_3b84b
    BEFORE TRUNCATE ON invoices_openitem
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_3b84b();
COMMENT ON TRIGGER pgtrigger_no_truncate_3b84b ON invoices_openitem
    IS '9160cb9e13436cc87f8ff459041e9fea72fda467';

-- -------------------------------------------------------------------------------------------------
-- invoices_frozencharges: the charges of each invoice, as issued
-- -------------------------------------------------------------------------------------------------

-- Charges stay as they were issued.
CREATE FUNCTION pgtrigger_frozen_4a009() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_4a009
    BEFORE UPDATE OR DELETE ON invoices_frozencharges
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_4a009();
COMMENT ON TRIGGER pgtrigger_frozen_4a009 ON invoices_frozencharges
    IS '653dc2f303e9584be7ebd68437b357f8a8ce1a41';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_3eb5c() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_3eb5c
    BEFORE TRUNCATE ON invoices_frozencharges
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_3eb5c();
COMMENT ON TRIGGER pgtrigger_no_truncate_3eb5c ON invoices_frozencharges
    IS 'fde61682d4987449794fb628248827932517ec26';

-- -------------------------------------------------------------------------------------------------
-- invoices_storeddocument: the PDF of each invoice
-- -------------------------------------------------------------------------------------------------

-- A PDF stays as it was first made.
CREATE FUNCTION pgtrigger_frozen_27b87() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_27b87
    BEFORE UPDATE OR DELETE ON invoices_storeddocument
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_27b87();
COMMENT ON TRIGGER pgtrigger_frozen_27b87 ON invoices_storeddocument
    IS '6442dc2c1a312de7056975f49141f34edd444594';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f3bd6() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f3bd6
    BEFORE TRUNCATE ON invoices_storeddocument
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f3bd6();
COMMENT ON TRIGGER pgtrigger_no_truncate_f3bd6 ON invoices_storeddocument
    IS '64958625ea758dc1d02ee789f86f83d720b2f002';

-- -------------------------------------------------------------------------------------------------
-- invoices_logo: logos
-- -------------------------------------------------------------------------------------------------

-- A logo stays as it was uploaded: documents refer to it by its hash.
CREATE FUNCTION pgtrigger_frozen_17380() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_17380
    BEFORE UPDATE OR DELETE ON invoices_logo
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_17380();
COMMENT ON TRIGGER pgtrigger_frozen_17380 ON invoices_logo
    IS '08ac775ac33c014b1d397ce9d50a9ffdeee9b689';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_19cc7() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_19cc7
    BEFORE TRUNCATE ON invoices_logo
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_19cc7();
COMMENT ON TRIGGER pgtrigger_no_truncate_19cc7 ON invoices_logo
    IS '479ef02b27ed7f93a1e6d85f37b103be19c7221e';
