-- Who there is. A patient who is not here is in no answer.
create table patients (
  patient text not null primary key
);

-- One row for each attribute that is known of a patient. `kind` says which columns hold the value, the others are null:
-- 'text' text_value; 'number' number_value; 'bool' bool_value; 'when' the times; 'code' system and code; 'set' none, its
-- words are in attribute_words. A number that is NaN has no row: it counts as missing.
create table attributes (
  patient text not null,
  name text not null,
  kind text not null,
  text_value text,
  number_value double precision,
  bool_value boolean,
  instant bigint,
  first_day bigint,
  last_day bigint,
  year bigint,
  first_month_day bigint,
  last_month_day bigint,
  system text,
  code text,
  primary key (patient, name)
);

-- The words of sets, each once. An empty set has a row in attributes, and none here.
create table attribute_words (
  patient text not null,
  name text not null,
  word text not null,
  primary key (patient, name, word)
);

-- One row for each code of each coded fact: a fact with three codes has three rows. The times are the onset's, null if
-- it is not known. `ended` is the first instant after all that its end can mean, null without an end.
create table codes (
  patient text not null,
  kind text not null,
  system text not null,
  code text not null,
  active boolean not null,
  ended bigint,
  instant bigint,
  first_day bigint,
  last_day bigint,
  restricted boolean not null
);

-- One row for each event; `event` is any number that no other event of anybody has. [span_start, span_end) are the
-- instants that its time can mean.
create table events (
  event bigint not null primary key,
  patient text not null,
  kind text not null,
  instant bigint,
  first_day bigint not null,
  last_day bigint not null,
  span_start bigint not null,
  span_end bigint not null,
  restricted boolean not null
);

-- The fields of events, as attributes are of patients.
create table event_fields (
  event bigint not null,
  name text not null,
  kind text not null,
  text_value text,
  number_value double precision,
  bool_value boolean,
  instant bigint,
  first_day bigint,
  last_day bigint,
  system text,
  code text,
  primary key (event, name)
);

create table event_field_words (
  event bigint not null,
  name text not null,
  word text not null,
  primary key (event, name, word)
);

-- Where a patient stands now. Who was never asked has no row.
create table consents (
  patient text not null,
  topic text not null,
  channel text not null,
  granted boolean not null,
  primary key (patient, topic, channel)
);

-- For each split that a segment asks for (salt, and in how many parts), the part of each patient: `bucket_of`.
create table buckets (
  patient text not null,
  salt text not null,
  parts bigint not null,
  bucket bigint not null,
  primary key (patient, salt, parts)
);
