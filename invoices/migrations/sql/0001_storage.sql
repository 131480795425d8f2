-- Charges (gzip) and PDF are compressed already: PostgreSQL does not try to compress them again.
ALTER TABLE invoices_frozencharges ALTER content SET STORAGE EXTERNAL;
ALTER TABLE invoices_storeddocument ALTER pdf SET STORAGE EXTERNAL;
