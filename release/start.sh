#!/bin/sh
# Run the program by the Python of this folder; this file may be linked to from elsewhere.
here=$(readlink -f "$0")
here=${here%/*}
exec "$here/python/bin/python3" -I -S "$here/program" "$@"
