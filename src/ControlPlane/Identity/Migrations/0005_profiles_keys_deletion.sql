CREATE TABLE profiles (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name       text NOT NULL,
  is_kids    boolean NOT NULL,
  language   text NOT NULL,         -- BCP 47
  created_at timestamptz NOT NULL
);
CREATE INDEX profiles_user ON profiles (user_id, created_at, id);
INSERT INTO profiles (id, user_id, name, is_kids, language, created_at) SELECT gen_random_uuid(), id, left(name, 50), false, 'en', created_at FROM users;

-- Who of the account watches.
ALTER TABLE sessions ADD COLUMN profile_id uuid REFERENCES profiles ON DELETE SET NULL;

-- A session outlives its account until the edges know that it is over.
ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_fkey;
ALTER TABLE sessions ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE sessions ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL;

-- Keys of programs, by their SHA-256.
CREATE TABLE api_keys (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name         text NOT NULL,
  hash         bytea NOT NULL UNIQUE,
  prefix       text NOT NULL,       -- that its owner knows it by
  scopes       text[] NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  last_used_at timestamptz          -- to the minute
);
CREATE INDEX api_keys_user ON api_keys (user_id, created_at DESC, id DESC);

-- What was done to accounts that not everybody may do. Ids alone: who is deleted is gone from here too.
CREATE TABLE audit_entries (
  id        uuid PRIMARY KEY,
  at        timestamptz NOT NULL,
  actor_id  uuid NOT NULL,
  action    text NOT NULL,
  target_id uuid,
  detail    text
);
CREATE INDEX audit_entries_newest ON audit_entries (at DESC, id DESC);

-- Accounts that are gone, until every area has been told often enough that it must know.
CREATE TABLE deleted_accounts (
  user_id    uuid PRIMARY KEY,
  deleted_at timestamptz NOT NULL,
  due_at     timestamptz NOT NULL,  -- of the next announcement
  announced  integer NOT NULL DEFAULT 0
);
CREATE INDEX deleted_accounts_due ON deleted_accounts (due_at);
