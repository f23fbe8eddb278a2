-- name: all
select id, added, baa_until, ended, version, sealed from vendor order by ended is not null, added, id;
-- name: get
select id, added, baa_until, ended, version, sealed from vendor where id = $1;
-- name: put
insert into vendor (id, added, baa_until, ended, version, sealed) values ($1, $2, $3, null, $4, $5)
on conflict (id) do update set baa_until = excluded.baa_until, version = excluded.version, sealed = excluded.sealed;
-- name: end
update vendor set ended = $2 where id = $1 and ended is null;
