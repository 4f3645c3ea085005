-- Where each user is in each film, by the newest word of a player. A row that was taken out of the history stays a while without what it said, so that
-- an older word that comes late does not bring it back.
CREATE TABLE watched (
  user_id          uuid NOT NULL,
  asset_id         uuid NOT NULL,
  position_seconds real NOT NULL,
  duration_seconds real NOT NULL,         -- as the player knows it
  watched_at       timestamptz NOT NULL,  -- of that word
  first_watched_at timestamptz NOT NULL,
  completed_at     timestamptz,           -- when it was seen to its end last
  is_erased        boolean NOT NULL DEFAULT false,
  PRIMARY KEY (user_id, asset_id)
);
CREATE INDEX watched_newest_first ON watched (user_id, watched_at DESC, asset_id DESC) WHERE NOT is_erased;

-- Whose whole history was deleted: nothing of before counts any more.
CREATE TABLE erasures (
  user_id   uuid PRIMARY KEY,
  erased_at timestamptz NOT NULL
);
