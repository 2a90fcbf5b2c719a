create table if not exists mixpanel_events (
  dedupe_key  char(32) primary key,
  event       text,
  distinct_id text,
  happened    timestamp with time zone,
  -- the whole event as Mixpanel sent it; json keeps what jsonb refuses (\u0000) or rewrites
  body        json not null
);
