"""Great Expectations lives in this package alone, and is imported only when there is something to check."""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when Great Expectations is imported: nothing is sent anywhere
