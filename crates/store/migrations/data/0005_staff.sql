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
