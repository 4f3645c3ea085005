-- Profiles that are gone from accounts that stay, until every area has been told often enough that it must know. Of an account that goes, another word is given.
CREATE TABLE deleted_profiles (
  profile_id uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  deleted_at timestamptz NOT NULL,
  due_at     timestamptz NOT NULL,  -- of the next announcement
  announced  integer NOT NULL DEFAULT 0
);
CREATE INDEX deleted_profiles_due ON deleted_profiles (due_at);
CREATE INDEX deleted_profiles_user ON deleted_profiles (user_id);
