-- name: asked_lately   $1 address, $2 since: how often something was asked for
select count(distinct asked) from service_mail where address_tag = $1 and asked > $2;
-- name: waiting   what is too late to leave does not count
select count(*) from service_mail where state = 'queued' and not_after > $1;
-- name: add
insert into service_mail (id, service, address_tag, nth, patient, staff, sealed, state, asked, due, not_after, attempts, tries, changed)
values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $8, $9, 0, 0, $8);
-- name: due   $1 now, $2 asked before: whether there is anything to do at all
select count(*) from (
  select 1 from service_mail where state = 'queued' and due <= $1
  union all select 1 from service_mail where state in ('claimed', 'handed_over') and lease <= $1
  union all select 1 from service_mail where asked < $2
  limit 1
) as something;
-- name: claim   $1 now, $2 claim, $3 lease, $4 how many
update service_mail set state = 'claimed', claim = $2, lease = $3, changed = $1
 where id in (select id from service_mail where state = 'queued' and due <= $1 order by due, id limit $4)
   and state = 'queued'
returning id, service, address_tag, nth, patient, sealed;
-- name: claim @postgres
update service_mail set state = 'claimed', claim = $2, lease = $3, changed = $1
 where id in (select id from service_mail where state = 'queued' and due <= $1 order by due, id limit $4
              for update skip locked)
returning id, service, address_tag, nth, patient, sealed;
-- name: rendered   whose link it brings
update service_mail set patient = $3 where id = $1 and claim = $2 and state = 'claimed';
-- name: lock_installation   one hand-over of such mail at a time, so that they count each other
select one from installation where one = 1;
-- name: lock_installation @postgres
select one from installation where one = 1 for update;
-- name: lock_patients
select id from patient where id in (select patient from service_mail where id in {ids $1}) order by id;
-- name: lock_patients @postgres
select id from patient where id in (select patient from service_mail where id in {ids $1}) order by id for share;
-- name: lock_staff
select id from user_account where id in (select staff from service_mail where id in {ids $1}) order by id;
-- name: lock_staff @postgres
select id from user_account where id in (select staff from service_mail where id in {ids $1}) order by id for share;
-- name: asked   what the gate is asked; $1 mails, $2 claim, $3 now, $4 since when others count
select m.id, m.service, m.address_tag, m.patient, m.not_after, p.state, p.address_tag, p.address_standing,
       (select count(*) from service_mail o where o.address_tag = m.address_tag and o.left_at > $4), p.deceased,
       (select count(*) from user_account u where u.id = m.staff and not u.disabled and u.email is not null)
  from service_mail m left join patient p on p.id = m.patient
 where m.state = 'claimed' and m.claim = $2 and m.lease > $3 and m.id in {ids $1}
 order by m.due, m.id;
-- name: hand_over
update service_mail set state = 'handed_over', attempts = attempts + 1, rules = $4, changed = $3, left_at = $3, lease = $5
 where id = $1 and state = 'claimed' and claim = $2;
-- name: hold
update service_mail set state = 'held', reason = $4, rules = $5, claim = null, lease = null, changed = $3
 where id = $1 and state = 'claimed' and claim = $2;
-- name: give_back
update service_mail set state = 'queued', claim = null, lease = null, changed = $3
 where id = $1 and state = 'claimed' and claim = $2;
-- name: outcome   $7: what did not leave does not count
update service_mail set state = $3, reason = $4, due = $5, claim = null, lease = null, changed = $6,
       left_at = case when $7 then left_at else null end
 where id = $1 and state in ('handed_over', 'unknown') and claim = $2;
-- name: lapsed_claims
update service_mail set state = 'queued', claim = null, lease = null, changed = $1 where state = 'claimed' and lease <= $1;
-- name: lapsed_hand_overs
update service_mail set state = 'unknown', reason = 'no_outcome', lease = null, changed = $1
 where state = 'handed_over' and lease <= $1;
-- name: remove_old   $1 asked before
delete from service_mail where asked < $1 and state not in ('claimed', 'handed_over');
-- name: remove_old_links   $1 now
delete from fresh_link where expires <= $1;
-- name: add_link
insert into fresh_link (hash, verb, message, patient, address_tag, expires) values ($1, $2, $3, $4, $5, $6);
-- name: link
select verb, message, patient, address_tag, expires from fresh_link where hash = $1;
-- name: get
select service, patient, sealed, asked, used, tries from service_mail where id = $1;
-- name: use   once
update service_mail set used = $2 where id = $1 and used is null;
-- name: try   an answer, which may be wrong; $2: so many at most
update service_mail set tries = tries + 1 where id = $1 and tries < $2;
-- name: clear_tries
update service_mail set tries = 0 where id = $1;
-- name: standing   of a mail of this kind
select state, coalesce(reason, '') from service_mail where id = $1 and service = $2;
-- name: states
select service, state, coalesce(reason, '') from service_mail order by asked, nth, id;
-- name: drop_request
delete from choice_request where id = $1;
-- name: add_request
insert into choice_request (id, at, sealed) values ($1, $2, $3);
-- name: request
select at, sealed from choice_request where id = $1;
-- name: forget_links   of a patient, and of their address
delete from fresh_link where patient = $1 or address_tag in (select address_tag from patient where id = $1);
-- name: forget
delete from service_mail where patient = $1 or address_tag in (select address_tag from patient where id = $1);
