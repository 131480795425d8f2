-- Give each organization back the billing details and the rate that apply today. Intra-EU supply
-- and export are new, and become a tax that is not chosen.
UPDATE organizations_organization AS organization SET
    billing_name = details.name,
    billing_street = details.street,
    billing_postal_code = details.postal_code,
    billing_city = details.city,
    billing_country = details.country,
    billing_tax_id = details.tax_number,
    tax_category = CASE
        WHEN tax.category = 'S' AND details.percent IS NULL THEN ''
        WHEN tax.category IN ('K', 'G') THEN ''
        ELSE coalesce(tax.category, '')
    END,
    tax_rate = details.percent
FROM (
    SELECT DISTINCT ON (organization_id) *, (
        SELECT percent FROM organizations_taxpercent AS rate
        WHERE rate.tax_id = of_today.tax_id AND rate.valid_from <= current_date
        ORDER BY rate.valid_from DESC LIMIT 1
    ) AS percent
    FROM organizations_billingdetails AS of_today
    WHERE valid_from IS NULL OR valid_from <= current_date
    ORDER BY organization_id, valid_from DESC NULLS LAST
) AS details
LEFT JOIN organizations_tax AS tax ON tax.id = details.tax_id
WHERE organization.id = details.organization_id;

DELETE FROM organizations_billingdetails;
DELETE FROM organizations_taxpercent;
DELETE FROM organizations_tax;
