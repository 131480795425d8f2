-- The lines of usages.csv as rows.
INSERT INTO benchmark_charge (organization, camera, title, tariff, currency, month, price, "from",
    "to", used, trial, billable, month_length, unit, amount, billable_before)
SELECT organization.title, camera.name, camera.title, tariff.name, tariff.currency, month, monthly,
    to_timestamp(since), to_timestamp(until), used, trial, billable, length / 10000,
    CASE unit WHEN 'second' THEN 'second' ELSE 'day' END, minor / 10::numeric ^ digits, before
FROM counted
JOIN organizations_organization AS organization ON organization.id = organization_id
JOIN usage_camera AS camera ON camera.id = camera_id
JOIN tariffs_tariff AS tariff ON tariff.id = tariff_id
