-- name: start
insert into import_run (id, started, read, created, updated, unchanged, rejected) values ($1, $2, 0, 0, 0, 0, 0);
-- name: finish
update import_run set ended = $2, read = $3, created = $4, updated = $5, unchanged = $6, rejected = $7 where id = $1;
-- name: all
select id, started, ended, read, created, updated, unchanged, rejected from import_run order by started;
