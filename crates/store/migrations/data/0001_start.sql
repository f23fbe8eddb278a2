-- One text for both databases: SQLite reads bigint as integer, uuid, bytea and boolean as blob, blob and integer.
-- Times are microseconds since 1970. Patients are ids and flags in clear, everything else about them is sealed.

create table installation (
  one bigint primary key check (one = 1),
  id uuid not null,
  demo boolean not null,
  created bigint not null,
  sending boolean not null,
  relay_own boolean not null,
  relay_baa_until bigint,
  kit_confirmed boolean not null,
  settings bytea not null,
  settings_version bigint not null,
  -- The last checkpoint that was written elsewhere: when, of how many entries; and the last one that could not be.
  checkpoint_kept bigint,
  checkpoint_size bigint,
  checkpoint_failed bigint,
  -- What it adds to the built-in catalog, sealed.
  catalog bytea,
  catalog_version bigint not null
);

-- The one log. `leaves` are the entries' hashes and stay; `bodies` are the entries, one a line.
create table log_head (one bigint primary key check (one = 1), seq bigint not null, size bigint not null, edge bytea not null);
create table log (
  seq bigint primary key,
  at bigint not null,
  first bigint not null,
  leaves bytea not null,
  bodies text not null,
  touched bytea not null
);
-- Which entries concern which patient.
create table about (patient uuid not null, entry bigint not null, primary key (patient, entry)) /* without rowid */;

create table user_account (
  id uuid primary key,
  name text not null unique,
  roles text not null,
  disabled boolean not null,
  created bigint not null
);
create table api_token (
  id uuid primary key,
  hash bytea not null unique,
  user_id uuid not null references user_account,
  label text not null,
  created bigint not null,
  expires bigint,
  revoked boolean not null
);

create table patient (
  id uuid primary key,
  version bigint not null,
  state bigint not null,
  merged_into uuid,
  deceased boolean not null,
  active boolean not null,
  age bigint not null,
  usps text,
  restricted boolean not null,
  address_tag bytea,
  address_standing bigint not null,
  contact_version bigint not null,
  identity bytea,
  identity_version bigint not null,
  facts bytea,
  facts_version bigint not null,
  chunks bigint not null
);
create index patient_by_survivor on patient (merged_into) where merged_into is not null;
create index patient_address on patient (address_tag);
create table event_chunk (
  patient uuid not null,
  chunk bigint not null,
  version bigint not null,
  sealed bytea not null,
  primary key (patient, chunk)
) /* without rowid */;
-- Blind indexes: identifiers (kind 1), family name + birth date (kind 2), and the numbers of identifiers, whoever gave
-- them (kind 3). Addresses are found by `address_tag`.
create table patient_key (
  tag bytea not null,
  patient uuid not null,
  kind bigint not null,
  primary key (tag, patient)
) /* without rowid */;
create index patient_key_patient on patient_key (patient);

-- The consent ledger: appended to, never changed.
create table consent (
  n bigserial primary key,
  patient uuid not null,
  topic text not null,
  channel text not null,
  granted boolean not null,
  at bigint not null,
  recorded bigint not null,
  method text not null,
  via text,
  text_version text,
  evidence uuid,
  -- by whose link it was said
  message uuid
);
create index consent_patient on consent (patient);
create index consent_message on consent (message) where message is not null;
create table address_stop (
  address_tag bytea not null,
  topic text not null,
  n bigint not null,
  primary key (address_tag, topic)
);
create table suppression (address_tag bytea primary key, reason text not null, at bigint not null);
create table authorization_form (
  id uuid primary key,
  patient uuid not null,
  topics text not null,
  last_day bigint,
  event_happened boolean not null,
  states_remuneration boolean not null,
  defective boolean not null,
  revoked bigint,
  evidence uuid not null
);
create index authorization_patient on authorization_form (patient);
create table evidence (
  id uuid primary key,
  patient uuid not null,
  kind text not null,
  at bigint not null,
  sealed bytea not null
);

-- Segments, value sets, templates: named, versioned, sealed.
create table document (
  id uuid primary key,
  kind text not null,
  name_tag bytea not null,
  version bigint not null,
  unique (kind, name_tag)
);
create table document_version (
  document uuid not null references document,
  version bigint not null,
  label text not null,
  author uuid,
  at bigint not null,
  hash bytea not null,
  sealed bytea not null,
  primary key (document, version)
);
-- What codes are called: sealed, in chunks, in the order learned.
create table vocabulary (chunk bigint primary key, sealed bytea not null);

create table campaign (
  id uuid primary key,
  name_tag bytea not null unique,
  created bigint not null,
  author uuid not null,
  segment uuid not null,
  segment_version bigint not null,
  template uuid not null,
  template_version bigint not null,
  topic text not null,
  decision_rows text not null,
  rules text not null,
  label text not null,
  content bytea not null,
  sealed bytea not null,
  state text not null,
  approved_by uuid,
  approved_at bigint,
  started_at bigint,
  not_after bigint not null,
  selected bigint not null
);
create table campaign_refusal (
  campaign uuid not null references campaign,
  reason text not null,
  people bigint not null,
  primary key (campaign, reason)
);
create table message (
  id uuid primary key,
  campaign uuid not null references campaign,
  patient uuid not null,
  state text not null,
  reason text,
  due bigint not null,
  not_after bigint not null,
  claim uuid,
  lease bigint,
  attempts bigint not null,
  relied_on bigint,
  rules text,
  evidence uuid,
  changed bigint not null,
  unique (campaign, patient)
);
create index message_queue on message (campaign, due, id) where state = 'queued';
create index message_lease on message (lease) where state in ('claimed', 'handed_over');
create index message_patient on message (patient);
-- Links in mails, by the hash of their token. They outlive everything.
create table link (
  hash bytea primary key,
  verb text not null,
  message uuid not null,
  patient uuid not null,
  topic text not null,
  address_tag bytea not null
);

create table import_run (
  id uuid primary key,
  started bigint not null,
  ended bigint,
  read bigint not null,
  created bigint not null,
  updated bigint not null,
  unchanged bigint not null,
  rejected bigint not null
);

insert into log_head (one, seq, size, edge) values (1, 0, 0, '');
