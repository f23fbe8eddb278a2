-- name: start
insert into import_run (id, started, read, created, updated, unchanged, rejected, state, dry_run, by_user)
  values ($1, $2, 0, 0, 0, 0, 0, 'running', $3, $4);
-- name: finish
update import_run set ended = $2, read = $3, created = $4, updated = $5, unchanged = $6, rejected = $7, state = $8, report = $9 where id = $1;
-- name: page   newest first
select id, started, ended, read, created, updated, unchanged, rejected, state, dry_run, by_user from import_run order by started desc, id limit $1;
-- name: get
select id, started, ended, read, created, updated, unchanged, rejected, state, dry_run, by_user from import_run where id = $1;
-- name: report
select report from import_run where id = $1;
-- name: mapping
select sealed from import_mapping where tag = $1;
-- name: keep_mapping
insert into import_mapping (tag, changed, sealed) values ($1, $2, $3)
  on conflict (tag) do update set changed = excluded.changed, sealed = excluded.sealed;
