-- name: queue
insert into message (id, campaign, patient, state, due, not_after, attempts, changed)
values ($1, $2, $3, 'queued', $4, $5, 0, $6) on conflict (campaign, patient) do nothing;
-- name: claim   $1 now, $2 claim, $3 lease, $4 how many, $5 campaign: the longest due first
update message set state = 'claimed', claim = $2, lease = $3, changed = $1
 where id in (select id from message where campaign = $5 and state = 'queued' and due <= $1 order by due, id limit $4)
   and state = 'queued'
returning id, campaign, patient;
-- name: claim @postgres
update message set state = 'claimed', claim = $2, lease = $3, changed = $1
 where id in (select id from message where campaign = $5 and state = 'queued' and due <= $1 order by due, id limit $4
              for update skip locked)
returning id, campaign, patient;
-- name: rendered   the evidence of what will have been sent
update message set evidence = $3 where id = $1 and claim = $2 and state = 'claimed';
-- name: lock_installation   a red button pressed meanwhile waits, or has been seen
select one from installation where one = 1;
-- name: lock_installation @postgres
select one from installation where one = 1 for share;
-- name: lock_campaigns
select id from campaign where id in (select campaign from message where id in {ids $1}) order by id;
-- name: lock_campaigns @postgres
select id from campaign where id in (select campaign from message where id in {ids $1}) order by id for share;
-- name: lock_patients   a withdrawal meanwhile waits, or has been seen; so does another hand-over to the same patient
select id from patient where id in (select patient from message where id in {ids $1}) order by id;
-- name: lock_patients @postgres
select id from patient where id in (select patient from message where id in {ids $1}) order by id for no key update;
-- name: asked   what the gate is asked, and the patients' rows; $1 messages, $2 claim, $3 now
select m.id, m.campaign, m.not_after, c.topic, c.decision_rows, c.rules, c.label, c.state,
       p.id, p.state, p.deceased, p.active, p.age, p.restricted, p.address_tag, p.address_standing, p.contact_version
  from message m join campaign c on c.id = m.campaign join patient p on p.id = m.patient
 where m.state = 'claimed' and m.claim = $2 and m.lease > $3 and m.id in {ids $1}
 order by m.id;
-- name: hand_over
update message set state = 'handed_over', attempts = attempts + 1, relied_on = $4, rules = $5, changed = $3, lease = $6
 where id = $1 and state = 'claimed' and claim = $2;
-- name: hold
update message set state = 'held', reason = $4, rules = $5, claim = null, lease = null, changed = $3
 where id = $1 and state = 'claimed' and claim = $2;
-- name: outcome   what came of an attempt: whoever handed it over says so, once, even if the lease has lapsed meanwhile
update message set state = $3, reason = $4, due = $5, claim = null, lease = null, changed = $6
 where id = $1 and state in ('handed_over', 'unknown') and claim = $2;
-- name: give_back   a claim that will not be used
update message set state = 'queued', claim = null, lease = null, changed = $3 where id = $1 and state = 'claimed' and claim = $2;
-- name: reject   a claim that cannot be used, for a reason
update message set state = 'held', reason = $4, claim = null, lease = null, changed = $3
 where id = $1 and state = 'claimed' and claim = $2;
-- name: lapsed_claims
update message set state = 'queued', claim = null, lease = null, changed = $1 where state = 'claimed' and lease <= $1;
-- name: lapsed_claims @postgres   what another dispatcher is at, it takes care of
update message set state = 'queued', claim = null, lease = null, changed = $1
 where id in (select id from message where state = 'claimed' and lease <= $1 order by id for update skip locked);
-- name: lapsed_hand_overs
update message set state = 'unknown', reason = 'no_outcome', lease = null, changed = $1
 where state = 'handed_over' and lease <= $1;
-- name: lapsed_hand_overs @postgres
update message set state = 'unknown', reason = 'no_outcome', lease = null, changed = $1
 where id in (select id from message where state = 'handed_over' and lease <= $1 order by id for update skip locked);
-- name: settle
update message set state = $2, reason = 'settled', changed = $3 where id = $1 and state = 'unknown';
-- name: counts
select state, coalesce(reason, ''), count(*) from message where campaign = $1 group by state, coalesce(reason, '') order by 1, 2;
-- name: unknown   by campaign
select campaign, count(*) from message where state = 'unknown' group by campaign;
-- name: in_state
select id, patient from message where campaign = $1 and state = $2 order by id limit $3;
-- name: unfinished
select count(*) from message where campaign = $1 and state in ('queued', 'claimed', 'handed_over');
-- name: next_due
select min(due) from message where campaign = $1 and state = 'queued';
-- name: owners
select id, patient from message where campaign = $1 order by id;
-- name: of_patient
select m.id, m.campaign, m.state, coalesce(m.reason, ''), m.changed from message m where m.patient = $1 order by m.changed;
-- name: hold_queued_of   a patient's messages that are not yet on their way
update message set state = 'held', reason = $2, claim = null, lease = null, changed = $3
 where patient = $1 and state in ('queued', 'claimed');
-- name: hold_queued_in   a campaign's
update message set state = 'held', reason = $2, claim = null, lease = null, changed = $3
 where campaign = $1 and state = 'queued';
-- name: get
select id, campaign, patient, state, evidence from message where id = $1;
-- name: add_link
insert into link (hash, verb, message, patient, topic, address_tag) values ($1, $2, $3, $4, $5, $6);
-- name: link
select verb, message, patient, topic, address_tag from link where hash = $1;
-- name: since
select state, count(*) from message where changed >= $1 group by state;
-- name: decision   what was decided on one message, and on what
select campaign, patient, state, coalesce(reason, ''), relied_on, rules, evidence, attempts, changed, due
  from message where id = $1;
-- name: hold_queued_about   a patient's messages about a topic that are still in the queue
update message set state = 'held', reason = $3, claim = null, lease = null, changed = $4
 where patient = $1 and state = 'queued' and campaign in (select id from campaign where topic = $2)
returning id, campaign;
