-- The API: what tokens are limited to, answers kept for retries, and whom to tell what happens.

-- Names of actions, comma-separated; null: whatever the holder's roles allow.
alter table api_token add column scopes text;

-- Answers to requests with an Idempotency-Key, sealed, for a day. `key` is a hash over token and key, `fingerprint` one over
-- the request.
create table api_answer (key bytea primary key, fingerprint bytea not null, status bigint not null, sealed bytea not null, at bigint not null);
create index api_answer_at on api_answer (at);

-- Address and signing secret are sealed. `seen` is the last commit of the log that was told; `failures` since the last success.
create table webhook (
  id uuid primary key,
  sealed bytea not null,
  events text not null,
  created bigint not null,
  created_by uuid not null,
  seen bigint not null,
  failures bigint not null,
  retry bigint not null,
  paused boolean not null
);
