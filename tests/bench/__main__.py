"""``python -m tests.bench [NAME]``: run the benchmarks on a scratch database."""

import json
import os
import subprocess
import sys
from dataclasses import asdict

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
django.setup()

from django.db import connection

import tests.bench.attendance
import tests.bench.cases
import tests.bench.demo
import tests.bench.hours
import tests.bench.inbox
import tests.bench.public_page
import tests.bench.registration_burst
import tests.bench.replay
import tests.bench.scb  # noqa: F401
from tests import template
from tests.bench.harness import BENCHMARKS


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them.

    :returns: 0 when every limit is kept, 1 when one is not, 2 for an unknown name.
    """
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}", file=sys.stderr)
        print(f"there is: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    if len(names) != 1:
        # Each on a database of its own: what one leaves behind would slow the next.
        command = [sys.executable, "-m", "tests.bench"]
        return max(
            subprocess.run([*command, name], check=False).returncode for name in names or BENCHMARKS
        )
    own_name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"] |= {
        "NAME": f"bench_{os.getpid()}",
        "TEMPLATE": template.prepared(),
    }
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        (name,) = names
        found = BENCHMARKS[name]
        result = found.run()
        promised = asdict(found.limit)
        broken = found.limit.broken_by(result)
        told: dict[str, object] = {key: value for key, value in asdict(result).items() if value}
        told["limit"] = {key: value for key, value in promised.items() if value is not None}
        print(json.dumps({"name": name, **told, "broken": broken}, ensure_ascii=False), flush=True)
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
