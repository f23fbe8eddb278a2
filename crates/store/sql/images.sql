-- name: all
select id, added, about from image where removed is null order by added desc, id;
-- name: count
select count(*) from image where removed is null;
-- name: about
select id, added, about from image where removed is null and id = $1;
-- name: picture   $2: those taken away, too
select picture from image where id = $1 and ($2 or removed is null);
-- name: put
insert into image (id, added, removed, about, picture) values ($1, $2, null, $3, $4)
on conflict (id) do update set added = excluded.added, removed = null, about = excluded.about;
-- name: use
insert into image_use (template, version, image) select $1, $2, id from image where id = $3;
-- name: remove
update image set removed = $2 where id = $1 and removed is null;
-- name: sweep   what no saved template shows
delete from image where id = $1 and removed is not null and not exists (select 1 from image_use where image = $1);
