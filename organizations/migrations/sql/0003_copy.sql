-- Copy the billing details of each organization, from the beginning, and its tax.

-- Each tax and rate that an organization has or had. The name is English, and can be edited.
CREATE TEMPORARY TABLE former_tax ON COMMIT DROP AS
SELECT category, rate, CASE category
    WHEN 'S' THEN 'VAT ' || trim_scale(rate) || ' %'
    WHEN 'Z' THEN 'Zero rate'
    WHEN 'E' THEN 'Exempt from tax'
    WHEN 'AE' THEN 'Reverse charge'
    WHEN 'O' THEN 'Not subject to tax'
END AS name
FROM (
    SELECT tax_category AS category, tax_rate AS rate FROM organizations_organization
    UNION
    SELECT tax_category, tax_rate FROM organizations_organizationevent
) AS every
WHERE category <> '';

INSERT INTO organizations_tax (name, category, exemption_text, exemption_code, is_default)
SELECT name, category, '', '', false FROM former_tax ORDER BY category <> 'S', rate, name;

INSERT INTO organizations_taxpercent (tax_id, percent, valid_from)
SELECT tax.id, rate, DATE '1970-01-01'
FROM former_tax JOIN organizations_tax AS tax USING (name)
WHERE rate IS NOT NULL;

-- The billing details of organizations as they were after each of their events.
CREATE TEMPORARY TABLE former_details ON COMMIT DROP AS
SELECT
    event.pgh_id, event.pgh_created_at, event.pgh_context, event.pgh_obj_id AS organization_id,
    billing_name AS name, billing_street AS street, billing_postal_code AS postal_code,
    billing_city AS city, billing_country AS country, billing_tax_id AS tax_number,
    tax.id AS tax_id
FROM organizations_organizationevent AS event
LEFT JOIN former_tax ON category = tax_category AND rate IS NOT DISTINCT FROM tax_rate
LEFT JOIN organizations_tax AS tax ON tax.name = former_tax.name
WHERE pgh_label <> 'delete';

INSERT INTO organizations_billingdetails (
    organization_id, name, street, postal_code, city, country, tax_number, tax_id
)
SELECT
    organization.id, billing_name, billing_street, billing_postal_code, billing_city,
    billing_country, billing_tax_id, tax.id
FROM organizations_organization AS organization
LEFT JOIN former_tax ON category = tax_category AND rate IS NOT DISTINCT FROM tax_rate
LEFT JOIN organizations_tax AS tax ON tax.name = former_tax.name
WHERE concat(
    billing_name, billing_street, billing_postal_code, billing_city, billing_country,
    billing_tax_id, tax_category
) <> '' OR organization.id IN (
    SELECT organization_id FROM former_details
    WHERE concat(name, street, postal_code, city, country, tax_number, tax_id) <> ''
)
ORDER BY organization.id;

-- An event for each of those that changed billing details.
INSERT INTO organizations_billingdetailsevent (
    pgh_created_at, pgh_label, pgh_context, id, pgh_obj_id, organization_id, name, street,
    postal_code, city, country, tax_number, tax_id
)
SELECT
    pgh_created_at,
    CASE WHEN row_number() OVER (PARTITION BY details.id ORDER BY pgh_id) = 1
        THEN 'insert' ELSE 'update' END,
    pgh_context, details.id, details.id, organization_id, changed.name, changed.street,
    changed.postal_code, changed.city, changed.country, changed.tax_number, changed.tax_id
FROM (
    SELECT *, lag(contents, 1, '') OVER (PARTITION BY organization_id ORDER BY pgh_id) AS before
    FROM (
        SELECT *, CASE
            WHEN concat(name, street, postal_code, city, country, tax_number, tax_id) = '' THEN ''
            ELSE ROW (name, street, postal_code, city, country, tax_number, tax_id)::text
        END AS contents
        FROM former_details
    ) AS described
) AS changed
JOIN organizations_billingdetails AS details USING (organization_id)
WHERE contents <> before
ORDER BY pgh_id;

-- Taxes that only the past had: their own events keep their names for the history.
DELETE FROM organizations_taxpercent AS percent WHERE NOT EXISTS (
    SELECT FROM organizations_billingdetails WHERE tax_id = percent.tax_id
);
DELETE FROM organizations_tax AS tax WHERE NOT EXISTS (
    SELECT FROM organizations_billingdetails WHERE tax_id = tax.id
);
