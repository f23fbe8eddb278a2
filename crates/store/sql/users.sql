-- name: add
insert into user_account (id, name, roles, disabled, created) values ($1, $2, $3, false, $4);
-- name: all
select id, name, roles, disabled from user_account order by created, name;
-- name: by_name
select id, name, roles, disabled from user_account where name = $1;
-- name: set_roles
update user_account set roles = $2 where id = $1;
-- name: disable
update user_account set disabled = true where id = $1;
-- name: add_token
insert into api_token (id, hash, user_id, label, created, expires, revoked, scopes) values ($1, $2, $3, $4, $5, $6, false, $7);
-- name: token
select t.id, t.hash, t.user_id, u.roles, u.disabled, t.expires, t.revoked, u.name, t.scopes
  from api_token t join user_account u on u.id = t.user_id where t.hash = $1;
-- name: tokens
select t.id, u.name, t.label, t.created, t.expires, t.revoked, t.scopes
  from api_token t join user_account u on u.id = t.user_id order by t.created;
-- name: revoke   once
update api_token set revoked = true where id = $1 and not revoked;
