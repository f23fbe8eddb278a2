-- The key shelf: each patient's data keys, wrapped. The nil id's is the organization's. Kept apart from the data, never
-- in its backups: what is deleted here is erased everywhere.
create table wrapped (
  patient uuid primary key,
  key_version bigint not null,
  profile bytea,
  evidence bytea
);
create index wrapped_version on wrapped (key_version);
