"""
A day by tap-mixpanel, its requests sent to the bench's server instead; nothing else of it is changed.

Usage: tap.py prepare <port> <day> <folder>   writes config and catalog, with the stream of events selected
       tap.py export <port> <folder>          writes records to standard output
"""

import datetime
import json
import pathlib
import re
import sys

import requests

SEND = requests.Session.request


def prepare(port, day, folder):
    from tap_mixpanel.client import MixpanelClient
    from tap_mixpanel.discover import discover

    folder.mkdir(exist_ok=True)
    next_day = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    config = {
        "api_secret": "bench",
        "user_agent": "bench",
        "project_timezone": "UTC",
        "attribution_window": "1",
        "start_date": f"{day}T00:00:00Z",
        "end_date": f"{next_day}T00:00:00Z",
        "select_properties_by_default": "true",
    }
    (folder / "config.json").write_text(json.dumps(config))
    with MixpanelClient("bench", "mixpanel.com", 300, "bench") as client:
        setattr(client, "__api_domain", "mixpanel.com")  # as its main does
        catalog = discover(client, "true").to_dict()
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            entry["metadata"]["selected"] = stream["tap_stream_id"] == "export"
    (folder / "catalog.json").write_text(json.dumps(catalog))


def export(folder):
    from tap_mixpanel import main

    sys.argv = ["tap-mixpanel", "--config", str(folder / "config.json"), "--catalog", str(folder / "catalog.json")]
    main()


command, port = sys.argv[1:3]
requests.Session.request = lambda self, method, url, **more: SEND(
    self, method, re.sub("https://[^/]*", f"http://127.0.0.1:{port}", url), **more
)
if command == "prepare":
    prepare(port, sys.argv[3], pathlib.Path(sys.argv[4]))
else:
    export(pathlib.Path(sys.argv[3]))
