-- When a campaign starts by itself once it is approved, and who said so.
alter table campaign add column starts bigint;
alter table campaign add column starts_by uuid;
