-- Issued documents are recorded with the instants that they cover.

-- Inserted rows become events; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_b68e1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_invoiceevent" (
        "buyer_name", "buyer_reference", "cancels_id", "charges_sha256", "currency", "digits",
        "due_on", "ends_at", "id", "issued_at", "issued_by_id", "issued_on", "kind", "language",
        "logo_id", "net", "number", "organization_id", "organization_title", "owner_id",
        "period_from", "period_until", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "starts_at", "tax_amount", "total"
    )
    SELECT
        new_values."buyer_name", new_values."buyer_reference", new_values."cancels_id",
        new_values."charges_sha256", new_values."currency", new_values."digits",
        new_values."due_on", new_values."ends_at", new_values."id", new_values."issued_at",
        new_values."issued_by_id", new_values."issued_on", new_values."kind", new_values."language",
        new_values."logo_id", new_values."net", new_values."number", new_values."organization_id",
        new_values."organization_title", new_values."owner_id", new_values."period_from",
        new_values."period_until", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'insert', new_values."id", new_values."starts_at",
        new_values."tax_amount", new_values."total"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_b68e1 ON invoices_invoice
    IS '1e7b9bdbdbb878d8da57d1b9e5f9741e11295f3a';

-- A changed row becomes an event, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_2ec8f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_invoiceevent" (
        "buyer_name", "buyer_reference", "cancels_id", "charges_sha256", "currency", "digits",
        "due_on", "ends_at", "id", "issued_at", "issued_by_id", "issued_on", "kind", "language",
        "logo_id", "net", "number", "organization_id", "organization_title", "owner_id",
        "period_from", "period_until", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "starts_at", "tax_amount", "total"
    )
    VALUES (
        NEW."buyer_name", NEW."buyer_reference", NEW."cancels_id", NEW."charges_sha256",
        NEW."currency", NEW."digits", NEW."due_on", NEW."ends_at", NEW."id", NEW."issued_at",
        NEW."issued_by_id", NEW."issued_on", NEW."kind", NEW."language", NEW."logo_id", NEW."net",
        NEW."number", NEW."organization_id", NEW."organization_title", NEW."owner_id",
        NEW."period_from", NEW."period_until",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."starts_at", NEW."tax_amount", NEW."total"
    );
    RETURN NULL;
END;
$$;
DROP TRIGGER pgtrigger_update_update_2ec8f ON invoices_invoice;
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
        OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at")
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
        OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id")
        OR OLD."period_from" IS DISTINCT FROM (NEW."period_from")
        OR OLD."period_until" IS DISTINCT FROM (NEW."period_until")
        OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at")
        OR OLD."tax_amount" IS DISTINCT FROM (NEW."tax_amount")
        OR OLD."total" IS DISTINCT FROM (NEW."total")
    )
    EXECUTE FUNCTION pgtrigger_update_update_2ec8f();
COMMENT ON TRIGGER pgtrigger_update_update_2ec8f ON invoices_invoice
    IS '2ab9545d9c9ba3983005109f442c8c6279e875f3';

-- Deleted rows become events, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_87c50() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_invoiceevent" (
        "buyer_name", "buyer_reference", "cancels_id", "charges_sha256", "currency", "digits",
        "due_on", "ends_at", "id", "issued_at", "issued_by_id", "issued_on", "kind", "language",
        "logo_id", "net", "number", "organization_id", "organization_title", "owner_id",
        "period_from", "period_until", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "starts_at", "tax_amount", "total"
    )
    SELECT
        old_values."buyer_name", old_values."buyer_reference", old_values."cancels_id",
        old_values."charges_sha256", old_values."currency", old_values."digits",
        old_values."due_on", old_values."ends_at", old_values."id", old_values."issued_at",
        old_values."issued_by_id", old_values."issued_on", old_values."kind", old_values."language",
        old_values."logo_id", old_values."net", old_values."number", old_values."organization_id",
        old_values."organization_title", old_values."owner_id", old_values."period_from",
        old_values."period_until", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'delete', old_values."id", old_values."starts_at",
        old_values."tax_amount", old_values."total"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_87c50 ON invoices_invoice
    IS 'e4c8318007dc14f3f065cc123e3290dcd025e23e';
