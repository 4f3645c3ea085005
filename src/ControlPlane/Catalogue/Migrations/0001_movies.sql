-- One row for each asset that was ever announced. Announcements come in any order, so nearly everything may be unknown yet.
CREATE TABLE movies (
  id               uuid PRIMARY KEY,
  owner_id         uuid,
  announced_title  text,
  edited_title     text,                        -- an editor's word wins over the announced one
  version          integer NOT NULL DEFAULT 0,  -- the newest published one; 0 before the first
  duration_seconds double precision NOT NULL DEFAULT 0,
  width            integer NOT NULL DEFAULT 0,
  height           integer NOT NULL DEFAULT 0,
  has_poster       boolean NOT NULL DEFAULT false,
  accepted_at      timestamptz,
  published_at     timestamptz,                 -- of the first version: a later one does not move the film in the list
  rejected_at      timestamptz,
  rejection_code   text,
  rejection_reason text,
  deleted_at       timestamptz,                 -- a tombstone: whatever is announced later changes nothing
  CHECK ((version > 0) = (published_at IS NOT NULL)),
  CHECK (version = 0 OR announced_title IS NOT NULL)
);

CREATE INDEX movies_newest_first ON movies (published_at DESC, id DESC) WHERE version > 0;
