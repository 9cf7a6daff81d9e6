"""`quwen up`: one process tree for one machine: engine server, schedule, site and feeds."""
