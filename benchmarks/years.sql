-- Fill a database with months of data, set by set, for years.py. The table `size` has one row:
-- organizations, cameras, months, the first month (`since`), the number of intervals of each camera,
-- and the first ids. Everything is derived from numbers, so it is the same each time.
--
-- The statements of a stage need only those of earlier stages, so several run at once.

CREATE FUNCTION benchmark_chance(number bigint, salt integer) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(number, salt) & 1048575) / 1048576.0::double precision
$$;

-- The instants at which a camera changes its tariff: twice in the last two months, as in data.py,
-- and before that at even distances with some deviation. After the last one, it is in use.
CREATE FUNCTION benchmark_change_at(camera bigint, turn integer, intervals integer, since date)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN turn = intervals THEN NULL
        WHEN turn = intervals - 1 THEN timestamptz '2026-10-01 UTC'
            + interval '1 second' * floor(20000 + benchmark_chance(camera, 99) * 2600000)
        WHEN turn = intervals - 2 THEN timestamptz '2026-09-01 UTC'
            + interval '1 second' * floor(benchmark_chance(camera, 98) * 2000000)
        ELSE since::timestamp AT TIME ZONE 'UTC' + interval '1 second' * floor(
            (turn + benchmark_chance(camera, turn)) * 86400.0
            * (date '2026-09-01' - since) / (intervals - 2)
        )
    END
$$;

-- next stage

INSERT INTO usage_usageinterval (camera_id, organization_id, tariff_id, started_at, ended_at)
SELECT camera, first_organization + camera % organizations,
    first_tariff + (camera + turn) % 4,
    benchmark_change_at(camera, turn, intervals, since),
    benchmark_change_at(camera, turn + 1, intervals, since)
FROM size, LATERAL generate_series(0, intervals - 1) AS turn,
    LATERAL generate_series(1::bigint, cameras) AS camera;

-- An invoice of each organization for each month, in the order of their numbers. Of every 200, one
-- is cancelled. Those of the last month are paid in part; almost all earlier ones are paid.
CREATE UNLOGGED TABLE bill AS
SELECT month * organizations + place + 1 AS id, first_organization + place AS organization_id,
    month, period_from, period_until, currency, digits, net, tax, net + tax AS total, is_cancelled,
    CASE
        WHEN is_cancelled OR luck < CASE WHEN month = months - 1 THEN 0.3 ELSE 0.002 END THEN 0
        WHEN luck < CASE WHEN month = months - 1 THEN 0.4 ELSE 0.003 END THEN 50
        ELSE net + tax
    END AS paid,
    format('INV-%s-%s', extract(year FROM period_until), lpad(serial, greatest(6, length(serial)), '0'))
        AS number
FROM size, LATERAL generate_series(0, months - 1) AS month,
    LATERAL (
        SELECT (since + month * interval '1 month')::date AS period_from,
            (since + (month + 1) * interval '1 month')::date AS period_until,
            count(*) AS of_earlier_years
        FROM generate_series(0, month) AS earlier
        WHERE extract(year FROM since + (earlier + 1) * interval '1 month')
            < extract(year FROM since + (month + 1) * interval '1 month')
    ) AS dates,
    LATERAL generate_series(0, organizations - 1) AS place,
    LATERAL (
        SELECT CASE WHEN place % 20 = 0 THEN 'JPY' ELSE 'EUR' END AS currency,
            CASE WHEN place % 20 = 0 THEN 0 ELSE 2 END AS digits,
            CASE WHEN place % 20 = 0 THEN 13000 ELSE 120 END + place % 977 AS net,
            benchmark_chance(month * organizations + place, 3) AS luck,
            (month * organizations + place) % 200 = 199 AS is_cancelled,
            ((month - of_earlier_years) * organizations + place + 1)::text AS serial
    ) AS drawn,
    LATERAL (SELECT round(net * 0.19, digits) AS tax) AS taxed;

INSERT INTO usage_camera (id, name, title, organization_id)
SELECT camera, format('cam-%s-%s', to_hex(camera), place), initcap(place) || ' ' || camera,
    first_organization + camera % organizations
FROM size, LATERAL generate_series(1::bigint, cameras) AS camera,
    LATERAL (SELECT (ARRAY['gate', 'yard', 'hall', 'lift', 'roof'])[1 + camera % 5] AS place);

INSERT INTO invoices_logo (sha256, content) VALUES (repeat('0', 64), '\x00');

INSERT INTO invoices_invoicerun (id, month, started_at)
SELECT number + 1, (since + number * interval '1 month')::date,
    (since + (number + 1) * interval '1 month') AT TIME ZONE 'UTC'
FROM size, LATERAL generate_series(0, months - 1) AS number;

INSERT INTO usage_usageimport (
    imported_at, file_name, sha256, lines, intervals_added, intervals_changed, intervals_removed,
    cameras_created, events_after, events_until, camera_events_after, camera_events_until
)
SELECT since::timestamp AT TIME ZONE 'UTC' + interval '1 day' * day, format('usage-%s.csv', day),
    repeat('0', 64), 1000, 1000, 0, 0, 10, day, day, day, day
FROM size, LATERAL generate_series(0, 30 * months) AS day;

-- next stage

INSERT INTO invoices_invoice (
    id, kind, number, currency, digits, period_from, period_until, issued_at, issued_on, due_on,
    language, seller, account, buyer, buyer_name, organization_title, buyer_reference, net,
    tax_amount, total, charges_sha256, cancels_id, organization_id, owner_id, starts_at, ends_at
)
SELECT bill.id, 'invoice', number,
    currency, digits, period_from, period_until,
    period_until::timestamp AT TIME ZONE 'UTC' + interval '4 hours'
        + interval '10 ms' * (bill.id % organizations),
    period_until, period_until + 14, 'en',
    '{"name": "Cloud Cameras GmbH", "street": "Hauptstrasse 1", "postal_code": "10115", "city": "Berlin", "country": "DE", "tax_id": "DE123456789", "email": "billing@example.com"}',
    '{"number": "DE02120300000000202051", "bic": "BYLADEM1001", "bank": "Example Bank"}',
    jsonb_build_object('name', title || ' GmbH', 'street', 'Road ' || owned.id, 'postal_code',
        '10115', 'city', 'Berlin', 'country', 'DE', 'tax_id', 'DE' || owned.id),
    title || ' GmbH', title, contract_number, net, tax, total, md5(bill.id::text) || md5(title),
    NULL, owned.id, owned.owner_id, period_from::timestamp AT TIME ZONE 'UTC',
    period_until::timestamp AT TIME ZONE 'UTC'
FROM size, bill
JOIN organizations_organization AS owned ON owned.id = organization_id
ORDER BY bill.id;

INSERT INTO invoices_invoiceline (
    invoice_id, position, tariff, monthly_price, cameras, camera_months, amount, period_from,
    period_until, tax_category, tax_percent
)
SELECT id, position, (ARRAY['Basic', 'Pro'])[position], 9.5, 5, 5, net / 2, period_from,
    period_until, 'S', 19
FROM bill, generate_series(1, 2) AS position;

INSERT INTO payments_payment (
    organization_id, owner_id, currency, kind, invoice_id, paid_on, amount, method, reference,
    recorded_at
)
SELECT organization_id, owned.owner_id, currency, 'payment', bill.id, period_until + 5, paid,
    'transfer', format('RF%s %s', bill.id % 97, md5(bill.id::text)::uuid),
    (period_until + 6)::timestamp AT TIME ZONE 'UTC' + interval '10 ms' * (bill.id % 1000000)
FROM bill
JOIN organizations_organization AS owned ON owned.id = organization_id
WHERE paid > 0;

INSERT INTO invoices_invoicetax (
    invoice_id, position, category, percent, reason, reason_code, net, amount
)
SELECT id, 1, 'S', 19, '', '', net, tax FROM bill;

INSERT INTO usage_usageintervalevent (
    pgh_created_at, pgh_label, pgh_context, id, started_at, ended_at, camera_id, organization_id,
    tariff_id, pgh_obj_id
)
SELECT started_at, 'insert', '{"command": "import_usage"}', id, started_at, NULL, camera_id,
    organization_id, tariff_id, id
FROM usage_usageinterval;

INSERT INTO invoices_frozencharges (invoice_id, content, count)
SELECT id, decode(repeat(md5(id::text), 12), 'hex'), 20 FROM bill;

INSERT INTO invoices_runitem (run_id, organization_id, state, reason, details, done_at)
SELECT month + 1, organization_id, CASE WHEN id % 500 = 3 THEN 'refused' ELSE 'issued' END,
    CASE WHEN id % 500 = 3 THEN 'BuyerIncomplete' ELSE '' END,
    CASE WHEN id % 500 = 3 THEN '{"missing": ["name"]}' ELSE '{}' END::jsonb,
    period_until::timestamp AT TIME ZONE 'UTC' + interval '4 hours'
FROM bill;

INSERT INTO usage_usageintervalevent (
    pgh_created_at, pgh_label, pgh_context, id, started_at, ended_at, camera_id, organization_id,
    tariff_id, pgh_obj_id
)
SELECT ended_at, 'update', '{"command": "import_usage"}', id, started_at, ended_at, camera_id,
    organization_id, tariff_id, id
FROM usage_usageinterval WHERE ended_at IS NOT NULL;

-- 392 and 978 are the numbers of the currencies in ISO 4217.
INSERT INTO invoices_invoicedperiod (
    invoice_id, organization_id, currency_number, period_from, period_until
)
SELECT id, organization_id, CASE currency WHEN 'JPY' THEN 392 ELSE 978 END, period_from,
    period_until
FROM bill WHERE NOT is_cancelled;

INSERT INTO invoices_openitem (
    invoice_id, organization_id, currency, due_on, outstanding, credited, is_cancelled
)
SELECT id, organization_id, currency, period_until + 14,
    CASE WHEN is_cancelled THEN 0 ELSE total - paid END,
    CASE WHEN is_cancelled THEN total ELSE 0 END, is_cancelled
FROM bill;

-- The audit trail: each row when it was inserted, and each interval also when it ended.
INSERT INTO usage_cameraevent (
    pgh_created_at, pgh_label, pgh_context, id, name, title, organization_id, pgh_obj_id
)
SELECT since::timestamp AT TIME ZONE 'UTC', 'insert', '{"command": "import_usage"}', id, name,
    title, organization_id, id
FROM usage_camera, size;

INSERT INTO invoices_invoicedifference (
    invoice_id, currency, amount, cameras, unpriced, checked_at
)
SELECT id, currency, 3, 1, 0, period_until::timestamp AT TIME ZONE 'UTC'
FROM bill WHERE NOT is_cancelled AND id % 2000 = 7;

-- next stage

INSERT INTO invoices_invoice (
    id, kind, number, currency, digits, period_from, period_until, issued_at, issued_on, due_on,
    language, seller, account, buyer, buyer_name, organization_title, buyer_reference, net,
    tax_amount, total, charges_sha256, cancels_id, organization_id, owner_id, starts_at, ends_at
)
SELECT organizations * months + row_number() OVER (ORDER BY id), 'credit_note',
    'CN-' || substr(number, 5), currency, digits, period_from, period_until,
    issued_at + interval '3 days', issued_on + 3, NULL, language, seller, account, buyer,
    buyer_name, organization_title, buyer_reference, net, tax_amount, total, '', id,
    organization_id, owner_id, starts_at, ends_at
FROM invoices_invoice, size
WHERE id IN (SELECT id FROM bill WHERE is_cancelled);

INSERT INTO payments_paymentevent (
    pgh_created_at, pgh_label, pgh_context, id, paid_on, amount, method, reference, recorded_at,
    invoice_id, organization_id, owner_id, currency, kind, pgh_obj_id
)
SELECT recorded_at, 'insert', '{"command": "import_payments"}', id, paid_on, amount, method,
    reference, recorded_at, invoice_id, organization_id, owner_id, currency, kind, id
FROM payments_payment;

-- What is paid is never more than the total, and what was paid of cancelled invoices is left.
INSERT INTO payments_allocation (payment_id, invoice_id, amount, allocated_at)
SELECT payment.id, payment.invoice_id, payment.amount, recorded_at
FROM payments_payment AS payment JOIN bill ON bill.id = payment.invoice_id
WHERE NOT is_cancelled;

INSERT INTO payments_onaccount (
    payment_id, organization_id, currency, kind, amount, remaining
)
SELECT payment.id, payment.organization_id, payment.currency, kind, amount,
    CASE WHEN is_cancelled THEN amount ELSE 0 END
FROM payments_payment AS payment JOIN bill ON bill.id = payment.invoice_id;

-- next stage

INSERT INTO invoices_delivery (
    invoice_id, email, state, asked_at, attempts, tried_at, problem
)
SELECT id, 'billing' || organization_id || '@example.com',
    CASE WHEN id % 300 = 0 THEN 'failed' ELSE 'sent' END, issued_at, 1,
    issued_at + interval '1 minute',
    CASE WHEN id % 300 = 0 THEN '550 5.1.1 User unknown' ELSE '' END
FROM invoices_invoice WHERE kind = 'invoice';

INSERT INTO invoices_invoiceevent (
    pgh_created_at, pgh_label, pgh_context, id, kind, number, currency, digits, period_from,
    period_until, issued_at, issued_on, due_on, language, buyer_name, organization_title,
    buyer_reference, net, tax_amount, total, charges_sha256, cancels_id, organization_id, owner_id,
    starts_at, ends_at, pgh_obj_id
)
SELECT issued_at, 'insert', '{"job": "invoices.issue"}', id, kind, number, currency, digits,
    period_from, period_until, issued_at, issued_on, due_on, language, buyer_name,
    organization_title, buyer_reference, net, tax_amount, total, charges_sha256, cancels_id,
    organization_id, owner_id, starts_at, ends_at, id
FROM invoices_invoice;

INSERT INTO invoices_billedname (organization_id, title, buyer)
SELECT DISTINCT organization_id, organization_title, buyer_name FROM invoices_invoice;

INSERT INTO invoices_numberseries (prefix, year, last_number)
SELECT split_part(number, '-', 1), split_part(number, '-', 2)::integer,
    max(split_part(number, '-', 3)::integer)
FROM invoices_invoice GROUP BY 1, 2;
