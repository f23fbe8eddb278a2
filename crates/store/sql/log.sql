-- name: head   locked last and briefly: commits are numbered in commit order, without gaps
select seq, size, edge from log_head where one = 1;
-- name: head @postgres
select seq, size, edge from log_head where one = 1 for update;
-- name: peek   the head without the lock
select seq, size, edge from log_head where one = 1;
-- name: add
insert into log (seq, at, first, leaves, bodies, touched) values ($1, $2, $3, $4, $5, $6);
-- name: move_head
update log_head set seq = $1, size = $2, edge = $3 where one = 1;
-- name: add_about
insert into about (patient, entry) values ($1, $2) on conflict do nothing;
-- name: page
select seq, at, first, leaves, bodies, touched from log where seq > $1 order by seq limit $2;
-- name: since
select seq, at, first, leaves, bodies, touched from log where seq > $1 and at >= $2 order by seq limit $3;
-- name: changes   what an index must read again
select seq, touched from log where seq > $1 order by seq limit $2;
-- name: entries_about
select entry from about where patient = $1 order by entry;
-- name: row_of   the commit that holds an entry
select seq, at, first, leaves, bodies, touched from log where first <= $1 order by first desc limit 1;
-- name: before   newest first: $1 and $2 bound the commits, $3 and $4 are patterns their bodies must fit
select seq, at, first, leaves, bodies, touched from log
 where seq < $1 and seq >= $2 and bodies like $3 and bodies like $4 order by seq desc limit $5;
-- name: about_before
select entry from about where patient = $1 and entry < $2 order by entry desc limit $3;
-- name: last_before   the last commit before an instant
select seq from log where at < $1 order by at desc, seq desc limit 1;
