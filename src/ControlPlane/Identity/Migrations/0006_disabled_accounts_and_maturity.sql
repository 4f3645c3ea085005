-- When an admin disabled the account; null while it may be used.
ALTER TABLE users ADD COLUMN disabled_at timestamptz;

-- What a process that starts reads: access tokens of these could still be shown.
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- For whom of the account a film is: nothing above this age; 21 for everything, what nobody rated too.
ALTER TABLE profiles ADD COLUMN maximum_age smallint NOT NULL DEFAULT 21 CHECK (maximum_age BETWEEN 0 AND 21);
UPDATE profiles SET maximum_age = 12 WHERE is_kids;
