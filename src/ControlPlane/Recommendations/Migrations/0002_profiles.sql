-- A viewer is a profile, or an account where nobody in particular watches; whose account it is, is known besides, so that it can be forgotten as a whole.
ALTER TABLE views ADD COLUMN account_id uuid;
UPDATE views SET account_id = viewer_id;
ALTER TABLE views ALTER COLUMN account_id SET NOT NULL;
CREATE INDEX views_of_account ON views (account_id);
ALTER TABLE shown ADD COLUMN account_id uuid;
UPDATE shown SET account_id = viewer_id;
ALTER TABLE shown ALTER COLUMN account_id SET NOT NULL;
DROP INDEX shown_of_viewer;
CREATE INDEX shown_of_account ON shown (account_id);
