"""A day as a list of events by mixpanel-utils, then a filter. Usage: list_events.py <port> <day> <event>"""

import sys

from mixpanel_utils import MixpanelUtils

port, day, event = sys.argv[1:]
utils = MixpanelUtils(
    service_account_username="bench", service_account_password="bench", project_id=1
)
utils.raw_api = f"http://127.0.0.1:{port}/api"
events = utils.query_export({"from_date": day, "to_date": day}, add_gzip_header=True)
print(len(events), len([it for it in events if it["event"] == event]))
