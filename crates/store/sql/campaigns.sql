-- name: add
insert into campaign (id, name_tag, created, author, segment, segment_version, template, template_version, topic,
                      decision_rows, rules, label, content, sealed, state, not_after, selected)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'draft', $15, 0);
-- name: get
select id, created, author, segment, segment_version, template, template_version, topic, decision_rows, rules, label,
       content, sealed, state, approved_by, started_at, not_after, selected, starts, starts_by
  from campaign where id = $1;
-- name: by_name
select id from campaign where name_tag = $1;
-- name: all
select id, created, author, segment, segment_version, template, template_version, topic, decision_rows, rules, label,
       content, sealed, state, approved_by, started_at, not_after, selected, starts, starts_by
  from campaign order by created, id;
-- name: due   approved, their time has come and is not over
select id, created, author, segment, segment_version, template, template_version, topic, decision_rows, rules, label,
       content, sealed, state, approved_by, started_at, not_after, selected, starts, starts_by
  from campaign where state = 'approved' and starts <= $1 and not_after > $1 order by starts, id;
-- name: approve
update campaign set state = 'approved', approved_by = $2, approved_at = $3 where id = $1 and state = 'draft' and content = $4;
-- name: start
update campaign set state = 'running', started_at = $2, selected = $3 where id = $1 and state = $4;
-- name: set_state
update campaign set state = $2 where id = $1 and state = $3;
-- name: add_refusal
insert into campaign_refusal (campaign, reason, people) values ($1, $2, $3)
on conflict (campaign, reason) do update set people = excluded.people;
-- name: refusals
select reason, people from campaign_refusal where campaign = $1 order by reason;
-- name: schedule
update campaign set starts = $2, starts_by = $3 where id = $1;
-- name: withdraw
delete from campaign where id = $1 and state in ('draft', 'approved') and started_at is null;
