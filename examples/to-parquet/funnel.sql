-- Users who saw a page, then signed up, then bought something, all within seven days of the first page view.
with page_view as (
  select distinct_id, min(time) as at
  from events where event = 'page view' group by distinct_id
), sign_up as (
  select distinct_id, page_view.at as began, min(time) as at
  from events join page_view using (distinct_id)
  where event = 'sign up' and time > page_view.at and time < page_view.at + interval 7 days
  group by distinct_id, page_view.at
), checkout as (
  select distinct_id, sum(amount) as revenue
  from events join sign_up using (distinct_id)
  where event = 'checkout' and time > sign_up.at and time < began + interval 7 days
  group by distinct_id
)
select 'page view' as step, count(*) as users, null as revenue from page_view
union all select 'sign up', count(*), null from sign_up
union all select 'checkout', count(*), sum(revenue) from checkout
