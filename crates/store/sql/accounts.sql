-- name: by_email
select u.id, u.name, u.roles, u.disabled, u.email, u.theme, c.password, c.second, c.step
  from user_account u left join credential c on c.user_id = u.id where u.email = $1;
-- name: by_id
select u.id, u.name, u.roles, u.disabled, u.email, u.theme, c.password, c.second, c.step
  from user_account u left join credential c on c.user_id = u.id where u.id = $1;
-- name: all
select u.id, u.name, u.roles, u.disabled, u.email, u.theme, c.password, c.second, c.step
  from user_account u left join credential c on c.user_id = u.id order by u.created, u.name;
-- name: set_email
update user_account set email = $2 where id = $1;
-- name: set_theme
update user_account set theme = $2 where id = $1;
-- name: set_password
insert into credential (user_id, password, second, step, changed) values ($1, $2, null, 0, $3)
  on conflict (user_id) do update set password = excluded.password, changed = excluded.changed;
-- name: set_second
update credential set second = $2, step = $3 where user_id = $1;
-- name: use_step
update credential set step = $2 where user_id = $1 and step < $2;
-- name: anybody
select count(*) from credential;
-- name: add_recovery_code
insert into recovery_code (hash, user_id) values ($1, $2);
-- name: drop_recovery_codes
delete from recovery_code where user_id = $1;
-- name: use_recovery_code
delete from recovery_code where hash = $1 and user_id = $2;
-- name: recovery_codes
select count(*) from recovery_code where user_id = $1;
-- name: add_way_in
insert into way_in (hash, kind, user_id, expires) values ($1, $2, $3, $4);
-- name: way_in
select kind, user_id, expires from way_in where hash = $1;
-- name: use_way_in
delete from way_in where hash = $1;
-- name: drop_ways_in
delete from way_in where kind = $1 and (user_id = $2 or $2 is null);
-- name: drop_ways_in @postgres
delete from way_in where kind = $1 and (user_id = $2::uuid or $2::uuid is null);
-- name: add_session
insert into session (hash, user_id, second_shown, begun, seen, confirmed) values ($1, $2, $3, $4, $4, $4);
-- name: session
select s.user_id, s.second_shown, s.begun, s.seen, s.confirmed, u.name, u.roles, u.disabled, u.theme, c.second is not null
  from session s join user_account u on u.id = s.user_id left join credential c on c.user_id = u.id
  where s.hash = $1;
-- name: seen
update session set seen = $2 where hash = $1;
-- name: confirm
update session set confirmed = $2 where hash = $1;
-- name: end_session
delete from session where hash = $1;
-- name: end_sessions_of
delete from session where user_id = $1;
-- name: end_old_sessions
delete from session where begun < $1 or seen < $2;
