-- Vendors: who handles PHI for us, until when their agreement holds. The log found from its newest end, and by time.
create table vendor (
  id uuid primary key,
  added bigint not null,
  baa_until bigint,
  ended bigint,
  version bigint not null,
  sealed bytea not null
);
create index log_first on log (first);
create index log_at on log (at);
-- Messages whose fate nobody knows stand on the first page.
create index message_unknown on message (campaign) where state = 'unknown';

-- Images that mail shows: what a list says of each, and the picture itself, sealed apart. One that was taken away is kept
-- while a saved template shows it: what was sent can be seen as it was sent.
create table image (
  id uuid primary key,
  added bigint not null,
  removed bigint,
  about bytea not null,
  picture bytea not null
);
create table image_use (
  template uuid not null references document,
  version bigint not null,
  image uuid not null references image,
  primary key (template, version, image)
);
create index image_use_image on image_use (image);
