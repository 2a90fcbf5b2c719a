insert into mixpanel_events (dedupe_key, event, distinct_id, happened, body)
values (
  :#CamelMixpanelExportDedupeKey,
  :#${header.CamelMixpanelExportEventName},
  :#${header.CamelMixpanelExportDistinctId},
  :#${header.CamelMixpanelExportTime},
  cast(:#${bodyAs(String)} as json))
on conflict (dedupe_key) do update set
  event = excluded.event,
  distinct_id = excluded.distinct_id,
  happened = excluded.happened,
  body = excluded.body
