-- Who has watched what, and when last. Of people there is their id alone.
CREATE TABLE views (
  viewer_id uuid NOT NULL,
  film_id   uuid NOT NULL,
  seen_at   timestamptz NOT NULL,
  PRIMARY KEY (viewer_id, film_id)
);
CREATE INDEX views_of_viewer ON views (viewer_id, seen_at DESC);
CREATE INDEX views_by_time ON views (seen_at);

-- The models that were fitted; their weights are in the object store.
CREATE TABLE models (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  object    text NOT NULL,
  sha256    bytea NOT NULL,
  films     integer NOT NULL,
  viewers   integer NOT NULL,
  fitted_at timestamptz NOT NULL
);

-- The rows that somebody was shown, so that what follows can be counted.
CREATE TABLE shown (
  id        uuid PRIMARY KEY,
  viewer_id uuid NOT NULL,
  shown_at  timestamptz NOT NULL,
  kind      text NOT NULL,
  variant   text NOT NULL,
  model_id  bigint,          -- null where no model had a say
  films     uuid[] NOT NULL
);
CREATE INDEX shown_by_time ON shown (shown_at);
CREATE INDEX shown_of_viewer ON shown (viewer_id);
