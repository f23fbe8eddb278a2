-- name: add
insert into consent (patient, topic, channel, granted, at, recorded, method, via, text_version, evidence, message)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning n;
-- name: of
select patient, n, topic, channel, granted, at, recorded, method from consent where patient in {ids $1} order by n;
-- name: page   for building an index
select patient, n, topic, channel, granted, at, recorded, method from consent where n > $1 order by n limit $2;
-- name: stops
select address_tag, topic, n from address_stop where address_tag in {blobs $1};
-- name: all_stops
select address_tag, topic, n from address_stop;
-- name: stop
insert into address_stop (address_tag, topic, n) values ($1, $2, $3)
on conflict (address_tag, topic) do update set n = excluded.n;
-- name: suppressions
select address_tag, reason from suppression where address_tag in {blobs $1};
-- name: all_suppressions
select address_tag, reason from suppression;
-- name: suppress
insert into suppression (address_tag, reason, at) values ($1, $2, $3) on conflict (address_tag) do nothing;
-- name: add_form
insert into authorization_form (id, patient, topics, last_day, event_happened, states_remuneration, defective, revoked, evidence)
values ($1, $2, $3, $4, $5, $6, $7, null, $8);
-- name: forms
select patient, id, topics, last_day, event_happened, states_remuneration, defective, revoked
  from authorization_form where patient in {ids $1} order by id;
-- name: all_forms
select patient, id, topics, last_day, event_happened, states_remuneration, defective, revoked from authorization_form;
-- name: form_owner
select patient from authorization_form where id = $1;
-- name: form_evidence
select evidence from authorization_form where id = $1;
-- name: revoke_form
update authorization_form set revoked = $2 where id = $1 and revoked is null;
-- name: add_evidence
insert into evidence (id, patient, kind, at, sealed) values ($1, $2, $3, $4, $5);
-- name: evidence
select patient, kind, at, sealed from evidence where id = $1;
-- name: withdrawals_since
select count(*) from consent where not granted and recorded >= $1;
-- name: withdrawn_by   how many of a campaign's messages led to an opt-out by their link
select count(distinct c.message) from consent c where not c.granted and c.message is not null
   and exists (select 1 from message m where m.id = c.message and m.campaign = $1);
-- name: forms_ending   of current patients
select f.patient, f.id, f.last_day from authorization_form f join patient p on p.id = f.patient
 where f.revoked is null and f.last_day between $1 and $2 and p.state = 1 order by f.last_day, f.id limit $3;
-- name: count_forms_ending   of current patients
select count(distinct f.patient) from authorization_form f join patient p on p.id = f.patient
 where f.revoked is null and f.last_day between $1 and $2 and p.state = 1;
-- name: lift
delete from suppression where address_tag = $1;
-- name: ledger   one patient's acts with what proves them
select n, via, text_version, evidence from consent where patient = $1 order by n;
-- name: said   what was said in a while: how many people, by topic, channel, act and method
select topic, channel, granted, method, count(distinct patient) from consent where at >= $1 and at < $2
 group by topic, channel, granted, method order by topic, channel, granted desc, method;
