-- name: get
select pace, language from preference where patient = $1;
-- name: set
insert into preference (patient, pace, language, changed) values ($1, $2, $3, $4)
on conflict (patient) do update set pace = excluded.pace, language = excluded.language, changed = excluded.changed;
-- name: drop
delete from preference where patient = $1;
-- name: paced   $1 since: optional mail that may have left to those who asked for less
select m.patient, p.pace, c.decision_rows, max(m.changed)
  from preference p join message m on m.patient = p.patient join campaign c on c.id = m.campaign
 where p.pace <> 'as_sent' and m.state in ('handed_over', 'accepted', 'unknown') and m.changed > $1
 group by m.patient, p.pace, c.decision_rows;
-- name: paced_of   the same, of these patients
select m.patient, p.pace, c.decision_rows, max(m.changed)
  from preference p join message m on m.patient = p.patient join campaign c on c.id = m.campaign
 where p.pace <> 'as_sent' and m.state in ('handed_over', 'accepted', 'unknown') and m.changed > $1 and p.patient in {ids $2}
 group by m.patient, p.pace, c.decision_rows;
-- name: merge   $1 into $2: the stricter of both stays
insert into preference (patient, pace, language, changed)
select $2, pace, language, changed from preference where patient = $1
on conflict (patient) do update set pace = case
  when excluded.pace = 'monthly' or (excluded.pace = 'weekly' and preference.pace = 'as_sent') then excluded.pace
  else preference.pace end;
