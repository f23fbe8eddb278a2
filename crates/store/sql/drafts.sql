-- name: add
insert into draft (id, kind, owner, revision, changed, changed_by, sealed) values ($1, $2, $3, 1, $4, $3, $5);
-- name: get
select id, kind, owner, revision, changed, changed_by, sealed from draft where id = $1;
-- name: of_kind
select id, kind, owner, revision, changed, changed_by, sealed from draft where kind = $1 order by changed desc, id;
-- name: change
update draft set revision = revision + 1, changed = $3, changed_by = $4, sealed = $5 where id = $1 and revision = $2;
-- name: drop
delete from draft where id = $1;
-- name: add_notice
insert into notice (kind, subject, at) values ($1, $2, $3);
-- name: notices
select n, kind, subject, at from notice where answered is null order by n;
-- name: notice
select n, kind, subject, at from notice where answered is null and n = $1;
-- name: answer_notice
update notice set answered = $2, answered_by = $3 where n = $1 and answered is null;
-- name: answer_notices_about
update notice set answered = $3, answered_by = $4 where kind = $1 and subject = $2 and answered is null;
