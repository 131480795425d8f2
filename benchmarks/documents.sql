-- The same charges, the lines of invoices that add them up, and the invoices, as rows.
, charge AS (
    {charges}
    RETURNING organization, camera, tariff, currency, month, price, billable, month_length, amount
),
line AS (
    INSERT INTO benchmark_line (
        organization, currency, tariff, month, price, cameras, camera_months, amount
    )
    SELECT organization, currency, tariff, month, price, count(DISTINCT camera),
        round(sum(billable / month_length::numeric), 6), sum(amount)
    FROM charge WHERE billable > 0
    GROUP BY organization, currency, tariff, month, price
    RETURNING organization, currency, amount
)
INSERT INTO benchmark_invoice (organization, currency, net)
SELECT organization, currency, sum(amount) FROM line GROUP BY organization, currency
