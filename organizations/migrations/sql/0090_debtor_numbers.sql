-- Changes of organizations are recorded with their debtor number.

-- Inserted rows become events in organizations_organizationevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_5a753() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_organizationevent" (
        "attach_charges", "billing_email", "closed_at", "closed_on", "contract_last_on",
        "contract_number", "contract_signed_on", "debtor_number", "id", "invoice_language",
        "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone",
        "time_zone_from", "title", "trial_first_on", "trial_last_on", "watcher_id"
    )
    SELECT
        new_values."attach_charges", new_values."billing_email", new_values."closed_at",
        new_values."closed_on", new_values."contract_last_on", new_values."contract_number",
        new_values."contract_signed_on", new_values."debtor_number", new_values."id",
        new_values."invoice_language", new_values."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."time_zone", new_values."time_zone_from",
        new_values."title", new_values."trial_first_on", new_values."trial_last_on",
        new_values."watcher_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_5a753 ON organizations_organization
    IS 'e09d3b8f16dd4a0e4a89531b3f3f6944903bed79';

-- A changed row becomes an event in organizations_organizationevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_73a92() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_organizationevent" (
        "attach_charges", "billing_email", "closed_at", "closed_on", "contract_last_on",
        "contract_number", "contract_signed_on", "debtor_number", "id", "invoice_language",
        "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone",
        "time_zone_from", "title", "trial_first_on", "trial_last_on", "watcher_id"
    )
    VALUES (
        NEW."attach_charges", NEW."billing_email", NEW."closed_at", NEW."closed_on",
        NEW."contract_last_on", NEW."contract_number", NEW."contract_signed_on",
        NEW."debtor_number", NEW."id", NEW."invoice_language", NEW."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."time_zone", NEW."time_zone_from", NEW."title",
        NEW."trial_first_on", NEW."trial_last_on", NEW."watcher_id"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_73a92 ON organizations_organization
    IS '363d156c6cb1d24d78405eac4a304b47248f5295';

-- Deleted rows become events in organizations_organizationevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_84ac6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_organizationevent" (
        "attach_charges", "billing_email", "closed_at", "closed_on", "contract_last_on",
        "contract_number", "contract_signed_on", "debtor_number", "id", "invoice_language",
        "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone",
        "time_zone_from", "title", "trial_first_on", "trial_last_on", "watcher_id"
    )
    SELECT
        old_values."attach_charges", old_values."billing_email", old_values."closed_at",
        old_values."closed_on", old_values."contract_last_on", old_values."contract_number",
        old_values."contract_signed_on", old_values."debtor_number", old_values."id",
        old_values."invoice_language", old_values."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."time_zone", old_values."time_zone_from",
        old_values."title", old_values."trial_first_on", old_values."trial_last_on",
        old_values."watcher_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_84ac6 ON organizations_organization
    IS '21ea81f95da7bcdbe527f7e94c99247a3365cfe4';
