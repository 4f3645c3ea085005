-- What a user plays with: whatever its player names itself.
CREATE TABLE devices (
  user_id       uuid NOT NULL,
  id            uuid NOT NULL,
  name          text,
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX devices_seen ON devices (last_seen_at);

-- A playback that was granted. It holds one of its user's places until it is ended, or until its tokens are stale.
CREATE TABLE streams (
  session       uuid PRIMARY KEY,   -- of the playback token
  user_id       uuid NOT NULL,
  device_id     uuid NOT NULL,
  asset_id      uuid NOT NULL,
  started_at    timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  is_unlimited  boolean NOT NULL,   -- granted whatever is paid
  ended_at      timestamptz,
  edges_told_at timestamptz         -- when every edge had been told that it is over
);
CREATE INDEX streams_open ON streams (user_id) WHERE ended_at IS NULL;
CREATE INDEX streams_untold ON streams (ended_at) WHERE ended_at IS NOT NULL AND edges_told_at IS NULL;
CREATE INDEX streams_expiry ON streams (expires_at);
