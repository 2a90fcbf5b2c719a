-- The columns of the files; another one is one more line here. body is the whole event, as Mixpanel sent it;
-- json is the same, or null in the rare event whose JSON DuckDB does not accept.
select
  event,
  distinct_id,
  time,
  json->>'$.properties."$city"' as city,
  try_cast(json->>'$.properties.amount' as double) as amount,
  dedupe_key,
  body
