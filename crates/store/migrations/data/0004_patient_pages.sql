-- What patients ask for at their pages. A mail that was asked for is removed a fortnight later, with what was entered.
-- Tests of campaigns' mails, for colleagues, are such mails too.

-- `sealed`: the address, and what was entered, under the organization's key. `nth`: of several patients at one address,
-- which. `patient`: whose link is in it. `used`: when what it confirms was recorded. `tries`: wrong answers at its page.
-- `staff`: the account whose mailbox it is, of a test.
create table service_mail (
  id uuid primary key,
  service text not null,
  address_tag bytea not null,
  nth bigint not null,
  patient uuid,
  staff uuid,
  sealed bytea not null,
  state text not null,
  reason text,
  asked bigint not null,
  due bigint not null,
  not_after bigint not null,
  claim uuid,
  lease bigint,
  attempts bigint not null,
  rules text,
  left_at bigint,
  used bigint,
  tries bigint not null,
  changed bigint not null
);
create index service_mail_queue on service_mail (due, id) where state = 'queued';
create index service_mail_lease on service_mail (lease) where state in ('claimed', 'handed_over');
create index service_mail_address on service_mail (address_tag, asked);
create index service_mail_asked on service_mail (asked);
-- Their links, by the hash of the token: good for a while.
create table fresh_link (
  hash bytea primary key,
  verb text not null,
  message uuid not null,
  patient uuid,
  address_tag bytea not null,
  expires bigint not null
);
create index fresh_link_expires on fresh_link (expires);
-- Confirmed choices that fit no one patient: for staff to look into.
create table choice_request (id uuid primary key, at bigint not null, sealed bytea not null);
-- How often at most, and in which language, a patient wants optional mail.
create table preference (
  patient uuid primary key,
  pace text not null,
  language text not null,
  changed bigint not null
);
