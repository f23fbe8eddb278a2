-- name: answer
select fingerprint, status, sealed from api_answer where key = $1 and at > $2;
-- name: keep_answer
insert into api_answer (key, fingerprint, status, sealed, at) values ($1, $2, $3, $4, $5)
  on conflict (key) do update set fingerprint = excluded.fingerprint, status = excluded.status, sealed = excluded.sealed, at = excluded.at;
-- name: drop_answers
delete from api_answer where at <= $1;
-- name: webhooks
select id, sealed, events, created, seen, failures, retry, paused from webhook order by created, id;
-- name: add_webhook
insert into webhook (id, sealed, events, created, created_by, seen, failures, retry, paused) values ($1, $2, $3, $4, $5, $6, 0, 0, false);
-- name: drop_webhook
delete from webhook where id = $1;
-- name: told
update webhook set seen = $2, failures = 0, retry = 0 where id = $1;
-- name: not_told
update webhook set failures = failures + 1, retry = $2, paused = $3 where id = $1;
