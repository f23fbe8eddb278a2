-- name: by_keys
select tag, patient from patient_key where tag in {blobs $1};
-- name: load
select id, version, state, merged_into, deceased, active, age, usps, restricted, address_tag, address_standing,
       contact_version, identity, identity_version, facts, facts_version, chunks
  from patient where id in {ids $1} order by id;
-- name: page
select id, version, state, merged_into, deceased, active, age, usps, restricted, address_tag, address_standing,
       contact_version, identity, identity_version, facts, facts_version, chunks
  from patient where id > $1 order by id limit $2;
-- name: page_facts   as page, without what the index must not read
select id, version, state, merged_into, deceased, active, age, usps, restricted, address_tag, address_standing,
       contact_version, null, identity_version, facts, facts_version, chunks
  from patient where id > $1 and state = 1 order by id limit $2;
-- name: page_facts @postgres
select id, version, state, merged_into, deceased, active, age, usps, restricted, address_tag, address_standing,
       contact_version, null::bytea, identity_version, facts, facts_version, chunks
  from patient where id > $1 and state = 1 order by id limit $2;
-- name: chunks
select patient, chunk, version, sealed from event_chunk where patient in {ids $1} order by patient, chunk;
-- name: put
insert into patient (id, version, state, merged_into, deceased, active, age, usps, restricted, address_tag,
                     address_standing, contact_version, identity, identity_version, facts, facts_version, chunks)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict (id) do update set
  version = excluded.version, state = excluded.state, merged_into = excluded.merged_into,
  deceased = excluded.deceased, active = excluded.active, age = excluded.age, usps = excluded.usps,
  restricted = excluded.restricted, address_tag = excluded.address_tag,
  address_standing = excluded.address_standing, contact_version = excluded.contact_version,
  identity = excluded.identity, identity_version = excluded.identity_version,
  facts = excluded.facts, facts_version = excluded.facts_version, chunks = excluded.chunks;
-- name: put_chunk
insert into event_chunk (patient, chunk, version, sealed) values ($1, $2, $3, $4)
on conflict (patient, chunk) do update set version = excluded.version, sealed = excluded.sealed;
-- name: drop_chunks_from
delete from event_chunk where patient = $1 and chunk >= $2;
-- name: put_key
insert into patient_key (tag, patient, kind) values ($1, $2, $3) on conflict do nothing;
-- name: drop_keys
delete from patient_key where patient = $1 and kind = $2;
-- name: bump
update patient set version = version + 1 where id = $1 returning version;
-- name: lock_for_change   held while a patient is read, changed and written back
select id from patient where id in {ids $1} order by id;
-- name: lock_for_change @postgres
select id from patient where id in {ids $1} order by id for update;
-- name: at_addresses   $1 addresses, $2 patients besides
select id from patient where address_tag in {blobs $1} or id in {ids $2} order by id;
-- name: at_addresses @postgres
select id from patient where address_tag in {blobs $1} or id in {ids $2} order by id for update;
-- name: found_by_address
select id from patient where address_tag = $1 and state = 1 order by id limit $2;
-- name: set_doubtful
update patient set address_standing = 1 where id = $1;
-- name: set_restricted
update patient set restricted = $2 where id = $1;
-- name: erase
update patient set state = 3, active = false, merged_into = null, usps = null, age = 0, address_tag = null, address_standing = 0,
       contact_version = contact_version + 1, identity = null, facts = null, chunks = 0
 where id = $1;
-- name: erased
select id from patient where state = 3 order by id;
-- name: one_person   all records of one person: what was merged into it, and what it was merged into
with recursive person (id, survivor) as (
  select id, merged_into from patient where id = $1
  union
  select p.id, p.merged_into from patient p join person on p.merged_into = person.id or p.id = person.survivor
)
select id from person order by id;
-- name: merge_into
update patient set state = 2, merged_into = $2, active = false where id = $1;
-- name: count
select count(*) from patient where state = 1;
-- name: count_all
select count(*) from patient;
-- name: set_standing
update patient set address_standing = $2, contact_version = contact_version + 1 where id = $1;
