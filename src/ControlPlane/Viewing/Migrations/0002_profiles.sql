-- Each profile has a history of its own; nil (all zeros) is whoever watches without one, as everybody did before.
ALTER TABLE watched ADD COLUMN profile_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE watched DROP CONSTRAINT watched_pkey, ADD PRIMARY KEY (user_id, profile_id, asset_id);
DROP INDEX watched_newest_first;
CREATE INDEX watched_newest_first ON watched (user_id, profile_id, watched_at DESC, asset_id DESC) WHERE NOT is_erased;
ALTER TABLE erasures ADD COLUMN profile_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE erasures DROP CONSTRAINT erasures_pkey, ADD PRIMARY KEY (user_id, profile_id);

-- What other areas are still to hear of having been erased, until they have been told often enough that they must know.
CREATE TABLE announced_erasures (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL,
  profile_id uuid NOT NULL,
  asset_id   uuid,                  -- null for all of them
  erased_at  timestamptz NOT NULL,
  due_at     timestamptz NOT NULL,  -- of the next announcement
  announced  integer NOT NULL DEFAULT 0
);
CREATE INDEX announced_erasures_due ON announced_erasures (due_at);
CREATE INDEX announced_erasures_of_user ON announced_erasures (user_id);
