-- Until when the playback tokens that were granted in the session open something; null before the first.
ALTER TABLE sessions ADD COLUMN plays_until timestamptz;
-- When every edge had been told that it is over.
ALTER TABLE sessions ADD COLUMN edges_told_at timestamptz;
CREATE INDEX sessions_untold ON sessions (id) WHERE revoked_at IS NOT NULL AND plays_until IS NOT NULL AND edges_told_at IS NULL;
