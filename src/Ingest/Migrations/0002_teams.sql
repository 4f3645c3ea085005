-- Whose quota an asset counts against, and among whom workers are shared fairly: the claim "team" of the access token, or the user alone.
ALTER TABLE assets ADD COLUMN team_id uuid;
UPDATE assets SET team_id = owner_id;
ALTER TABLE assets ALTER COLUMN team_id SET NOT NULL;
-- Work of a higher priority goes first: -1, 0 or 1.
ALTER TABLE assets ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1 AND 1);
CREATE INDEX assets_by_team ON assets (team_id);
