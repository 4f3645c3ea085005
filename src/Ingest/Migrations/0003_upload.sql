-- Holds the number; the upload room replaces this file with its own.
SELECT 1;
