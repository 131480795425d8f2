"""Keep a tariff's currency and proration as they were when the first camera used it."""

from django.db import migrations

# What a camera owed in the past must not change its currency or its unit of time, whoever writes.
# An update of these columns alone would not keep a first interval from being committed at the same
# time. So the row is locked before intervals are looked for: on commit, the foreign key of a new
# interval waits for this lock, and this lock for that of an interval which is being committed.
FORWARD = """
CREATE FUNCTION usage_refuse_change_of_used_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM tariffs_tariff WHERE id = OLD.id FOR UPDATE;
    IF EXISTS (SELECT FROM usage_usageinterval WHERE tariff_id = OLD.id) THEN
        RAISE EXCEPTION 'tariff % has been used: its currency and proration are fixed', OLD.id
            USING ERRCODE = 'check_violation',
                  TABLE = 'tariffs_tariff',
                  CONSTRAINT = 'usage_used_tariff_is_fixed';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER usage_used_tariff_is_fixed
    BEFORE UPDATE OF currency, proration ON tariffs_tariff
    FOR EACH ROW
    WHEN ((OLD.currency, OLD.proration) IS DISTINCT FROM (NEW.currency, NEW.proration))
    EXECUTE FUNCTION usage_refuse_change_of_used_tariff();
"""

BACKWARD = """
DROP TRIGGER usage_used_tariff_is_fixed ON tariffs_tariff;
DROP FUNCTION usage_refuse_change_of_used_tariff();
"""


class Migration(migrations.Migration):
    dependencies = (
        ("tariffs", "0001_initial"),
        ("usage", "0001_initial"),
    )

    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
