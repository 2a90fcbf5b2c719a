insert into mixpanel_events (dedupe_key, event, distinct_id, happened, body)
select * from unnest(
  cast(:#${bean:columns?method=keys} as text[]),
  cast(:#${bean:columns?method=names} as text[]),
  cast(:#${bean:columns?method=users} as text[]),
  cast(:#${bean:columns?method=times} as timestamptz[]),
  cast(:#${bean:columns?method=bodies} as jsonb[]))
on conflict (dedupe_key) do update set
  event = excluded.event,
  distinct_id = excluded.distinct_id,
  happened = excluded.happened,
  body = excluded.body
