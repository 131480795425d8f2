-- pgtrigger's own function, which tells whether pgtrigger.ignore() names a trigger, replaced. The
-- library's reads the setting in a block that catches the error of a missing one. Such a block is a
-- subtransaction, and an aborted one reads all triggers that are deferred: in a statement that
-- changes 100,000 rows and defers a check of each, that was done 100,000 times.
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(
    trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false
);
