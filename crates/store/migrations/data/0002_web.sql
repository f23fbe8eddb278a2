-- The web app: who may come in and how, what was begun and not yet saved, what somebody must see to.

alter table user_account add column email text;
alter table user_account add column theme text;
create unique index user_email on user_account (email) where email is not null;

-- How a person shows who they are. `password` is a PHC string, `second` a sealed secret, `step` the last one used.
create table credential (
  user_id uuid primary key references user_account,
  password text not null,
  second bytea,
  step bigint not null,
  changed bigint not null
);
create table recovery_code (hash bytea primary key, user_id uuid not null references user_account);
create index recovery_code_user on recovery_code (user_id);
-- Links that let somebody in once: set-up, invitation, demo.
create table way_in (hash bytea primary key, kind text not null, user_id uuid, expires bigint not null);
create table session (
  hash bytea primary key,
  user_id uuid not null references user_account,
  second_shown boolean not null,
  begun bigint not null,
  seen bigint not null,
  confirmed bigint not null
);
create index session_by_user on session (user_id);

-- Work in progress, sealed. `revision` rises with every change, so that two windows cannot overwrite each other.
create table draft (
  id uuid primary key,
  kind text not null,
  owner uuid not null,
  revision bigint not null,
  changed bigint not null,
  changed_by uuid not null,
  sealed bytea not null
);
create index draft_kind on draft (kind, changed);

-- What somebody must see to: until it is answered it stands on their first page.
create table notice (
  n bigserial primary key,
  kind text not null,
  subject uuid not null,
  at bigint not null,
  answered bigint,
  answered_by uuid
);
create index notice_open on notice (kind, subject) where answered is null;
