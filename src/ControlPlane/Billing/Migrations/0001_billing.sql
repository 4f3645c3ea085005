-- Numbers the readings of the payment provider. A reading takes its number before it asks, and is written only over older ones: so the record never goes
-- back to what it was before a change that somebody has been told of.
CREATE SEQUENCE readings;

-- What was read last of something that is read as a whole.
CREATE TABLE progress (
  name       text PRIMARY KEY,
  reading    bigint NOT NULL DEFAULT 0,
  reached_at timestamptz NOT NULL
);

-- What can be bought: a product that says in its metadata that it is a plan or a rental.
CREATE TABLE products (
  id           text PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('plan', 'rental')),
  code         text NOT NULL,
  name         text NOT NULL,
  description  text,
  is_active    boolean NOT NULL,
  position     integer NOT NULL,
  streams      integer NOT NULL,  -- at the same time
  max_height   integer NOT NULL,  -- of renditions, in lines; 0 for any
  trial_days   integer NOT NULL,  -- of a plan; 0 for none
  rental_hours integer NOT NULL   -- of a rental; 0 of a plan
);
CREATE INDEX products_code ON products (kind, code);

CREATE TABLE prices (
  id             text PRIMARY KEY,
  product_id     text NOT NULL REFERENCES products ON DELETE CASCADE,
  is_active      boolean NOT NULL,
  currency       text NOT NULL,     -- ISO 4217, lower case
  amount         bigint NOT NULL,   -- in the currency's smallest unit
  interval       text,              -- day, week, month, year; null: paid once
  interval_count integer
);
CREATE INDEX prices_product ON prices (product_id);

-- Who a user is to the payment provider.
CREATE TABLE customers (
  user_id        uuid PRIMARY KEY,
  id             text NOT NULL UNIQUE,
  created_at     timestamptz NOT NULL,
  reading        bigint NOT NULL DEFAULT 0,
  read_at        timestamptz,
  checkout_until timestamptz,  -- when the last page on which it can buy something closes
  due_at         timestamptz   -- when it is to be read again though nothing was heard; null for never
);
CREATE INDEX customers_due ON customers (due_at) WHERE due_at IS NOT NULL;

-- As they were read last; of every status, also those that are over.
CREATE TABLE subscriptions (
  id                   text PRIMARY KEY,
  user_id              uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
  item_id              text NOT NULL,
  product_id           text NOT NULL,
  price_id             text NOT NULL,
  status               text NOT NULL,
  created_at           timestamptz NOT NULL,
  period_start         timestamptz NOT NULL,
  period_end           timestamptz NOT NULL,
  trial_end            timestamptz,
  cancel_at            timestamptz,
  cancel_at_period_end boolean NOT NULL,
  ended_at             timestamptz,
  unpaid_since         timestamptz  -- when the oldest invoice that is still open was made, of one that is past due
);
CREATE INDEX subscriptions_user ON subscriptions (user_id);

-- Films that were paid for once, by the checkout that did it. They outlive the customer.
CREATE TABLE rentals (
  id         text PRIMARY KEY,
  user_id    uuid NOT NULL,
  asset_id   uuid NOT NULL,
  product_id text NOT NULL,
  rented_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  is_refunded boolean NOT NULL
);
CREATE INDEX rentals_user ON rentals (user_id, rented_at DESC, id DESC);
CREATE INDEX rentals_film ON rentals (user_id, asset_id);

-- How a film is sold; one that has no row is in every plan.
CREATE TABLE films (
  asset_id    uuid PRIMARY KEY,
  access      text NOT NULL CHECK (access IN ('plan', 'rental', 'plan_or_rental', 'free')),
  rental_code text,
  changed_at  timestamptz NOT NULL,
  CHECK ((rental_code IS NOT NULL) = (access IN ('rental', 'plan_or_rental')))
);

-- Events whose effect is in the tables above; both were written in one transaction.
CREATE TABLE events (
  id          text PRIMARY KEY,
  type        text NOT NULL,
  created_at  timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX events_age ON events (received_at);
