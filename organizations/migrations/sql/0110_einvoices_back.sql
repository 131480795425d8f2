-- The functions as they were before electronic invoices had profiles.

CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_cff95() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_billingdetailsevent" (
        "city", "country", "id", "name", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id", "tax_number", "valid_from"
    )
    SELECT
        new_values."city", new_values."country", new_values."id", new_values."name",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."street",
        new_values."tax_id", new_values."tax_number", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_cff95 ON organizations_billingdetails
    IS 'e3d2e978d5108c8a53dcffe11a211a566d4018c4';

CREATE OR REPLACE FUNCTION pgtrigger_update_update_82c5e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_billingdetailsevent" (
        "city", "country", "id", "name", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id", "tax_number", "valid_from"
    )
    VALUES (
        NEW."city", NEW."country", NEW."id", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."street", NEW."tax_id", NEW."tax_number",
        NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_82c5e ON organizations_billingdetails
    IS '24b0c50e5cd6f81cb5c7f9de09e0549a71f337aa';

CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_1436d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_billingdetailsevent" (
        "city", "country", "id", "name", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id", "tax_number", "valid_from"
    )
    SELECT
        old_values."city", old_values."country", old_values."id", old_values."name",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."street",
        old_values."tax_id", old_values."tax_number", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_1436d ON organizations_billingdetails
    IS '7310502c22ca05731c29a3b3331f240840a5d326';
