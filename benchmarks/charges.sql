-- Insert the lines of usages.csv as rows.
INSERT INTO benchmark_charge (organization, camera, title, tariff, currency, month, price, "from",
    "to", used, trial, billable, month_length, unit, amount)
SELECT organization.title, camera.name, camera.title, tariff.name, tariff.currency, month, monthly,
    to_timestamp(since), to_timestamp(until), used, trial, used - trial, length / 10000,
    CASE WHEN by_day THEN 'day' ELSE 'second' END,
    div(2 * price * (used - trial) + length, 2 * length) / 10::numeric ^ digits
FROM counted
JOIN organizations_organization AS organization ON organization.id = organization_id
JOIN usage_camera AS camera ON camera.id = camera_id
JOIN tariffs_tariff AS tariff ON tariff.id = tariff_id
