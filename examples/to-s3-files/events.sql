select day, event, count(*) as events, count(distinct properties->>'$.distinct_id') as users
from read_json('s3://your-bucket/events/*/*.jsonl.gz',
  format = 'newline_delimited', hive_partitioning = true, columns = {event: 'varchar', properties: 'json'})
group by all
order by day, events desc
