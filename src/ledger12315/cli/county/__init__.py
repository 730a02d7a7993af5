"""The county's commands on its stations' figures."""
