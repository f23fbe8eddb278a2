-- name: put
insert into wrapped (patient, key_version, profile, evidence) values ($1, $2, $3, $4)
on conflict (patient) do update set key_version = excluded.key_version, profile = excluded.profile, evidence = excluded.evidence;
-- name: get
select patient, key_version, profile, evidence from wrapped where patient in {ids $1} order by patient;
-- name: page_not_of
select patient, key_version, profile, evidence from wrapped where key_version <> $1 order by patient limit $2;
-- name: count_of
select count(*) from wrapped where key_version = $1;
-- name: newest
select coalesce(max(key_version), 0) from wrapped;
-- name: rewrap   only if nobody changed it meanwhile: an erasure must not be undone
update wrapped set key_version = $2, profile = $3, evidence = $4
 where patient = $1 and key_version = $5 and (profile is null) = $6 and (evidence is null) = $7;
-- name: destroy_profile
update wrapped set profile = null where patient = $1;
