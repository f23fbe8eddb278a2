-- name: create
insert into installation (one, id, demo, created, sending, relay_own, relay_baa_until, kit_confirmed, settings, settings_version, catalog_version)
values (1, $1, $2, $3, true, false, null, false, $4, 1, 0);
-- name: get
select id, demo, created, sending, relay_own, relay_baa_until, kit_confirmed, settings, settings_version
  from installation where one = 1;
-- name: set_sending
update installation set sending = $1 where one = 1;
-- name: set_relay
update installation set relay_own = $1, relay_baa_until = $2 where one = 1;
-- name: set_kit_confirmed
update installation set kit_confirmed = $1 where one = 1;
-- name: set_settings
update installation set settings = $1, settings_version = $2 where one = 1;
-- name: checkpoint
select checkpoint_kept, checkpoint_size, checkpoint_failed from installation where one = 1;
-- name: checkpoint_kept
update installation set checkpoint_kept = $1, checkpoint_size = $2 where one = 1;
-- name: checkpoint_failed
update installation set checkpoint_failed = $1 where one = 1;
-- name: catalog
select catalog, catalog_version from installation where one = 1;
-- name: set_catalog   nobody else changed it meanwhile
update installation set catalog = $1, catalog_version = $2 where one = 1 and catalog_version = $3;
