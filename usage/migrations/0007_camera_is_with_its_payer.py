"""Keep a camera with the organization that has it in use."""

from django.db import migrations

# Looked at when the transaction ends, as the statements in between go one after the other. What
# counts is the row as it is by then. The camera is locked, so that of two who write its use and its
# organization at the same time the later sees what the other has done.
FORWARD = """
CREATE FUNCTION usage_refuse_camera_without_payer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    id_of_camera bigint;
    payer bigint;
BEGIN
    IF TG_TABLE_NAME = 'usage_camera' THEN
        id_of_camera := NEW.id;
    ELSE
        id_of_camera := NEW.camera_id;
    END IF;
    SELECT organization_id INTO payer FROM usage_camera WHERE id = id_of_camera FOR SHARE;
    IF EXISTS (
        SELECT FROM usage_usageinterval
        WHERE camera_id = id_of_camera AND ended_at IS NULL AND organization_id <> payer
    ) THEN
        RAISE EXCEPTION 'camera % is in use by another organization than its own', id_of_camera
            USING ERRCODE = 'check_violation',
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'usage_camera_is_with_its_payer';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER usage_camera_is_with_its_payer
    AFTER INSERT OR UPDATE OF camera_id, organization_id, ended_at ON usage_usageinterval
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.ended_at IS NULL)
    EXECUTE FUNCTION usage_refuse_camera_without_payer();

CREATE CONSTRAINT TRIGGER usage_camera_is_with_its_payer
    AFTER UPDATE OF organization_id ON usage_camera
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.organization_id <> OLD.organization_id)
    EXECUTE FUNCTION usage_refuse_camera_without_payer();
"""

BACKWARD = """
DROP TRIGGER usage_camera_is_with_its_payer ON usage_usageinterval;
DROP TRIGGER usage_camera_is_with_its_payer ON usage_camera;
DROP FUNCTION usage_refuse_camera_without_payer();
"""


class Migration(migrations.Migration):
    dependencies = (("usage", "0006_names_of_relations"),)

    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
