-- name: by_name
select id, version from document where kind = $1 and name_tag = $2;
-- name: add
insert into document (id, kind, name_tag, version) values ($1, $2, $3, $4);
-- name: set_version
update document set version = $2 where id = $1;
-- name: add_version
insert into document_version (document, version, label, author, at, hash, sealed) values ($1, $2, $3, $4, $5, $6, $7);
-- name: get
select d.id, v.version, v.label, v.author, v.at, v.hash, v.sealed
  from document_version v join document d on d.id = v.document where d.id = $1 and v.version = $2;
-- name: current
select d.id, v.version, v.label, v.author, v.at, v.hash, v.sealed
  from document d join document_version v on v.document = d.id and v.version = d.version
 where d.kind = $1 order by v.at, d.id;
-- name: vocabulary
select chunk, sealed from vocabulary order by chunk;
-- name: next_vocabulary
select coalesce(max(chunk), 0) + 1 from vocabulary;
-- name: put_vocabulary
insert into vocabulary (chunk, sealed) values ($1, $2);
