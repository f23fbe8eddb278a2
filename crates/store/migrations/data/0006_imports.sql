-- Imports from the web app: who began them, how they ended, their report; how a source's columns were mapped.

alter table import_run add column state text not null default 'ended';
alter table import_run add column dry_run boolean not null default false;
alter table import_run add column by_user uuid;
-- Counts by kind and reason, and the failure if it failed; sealed.
alter table import_run add column report bytea;

-- By the source's keyed tag; sealed.
create table import_mapping (tag bytea primary key, changed bigint not null, sealed bytea not null);
