#!/bin/sh
# Stops the brokers that scripts/start-local-cluster.sh has started; their data stays.
# LOCAL_CLUSTER_DIR is the one they were started with (default /tmp/mlog).
dir=${LOCAL_CLUSTER_DIR:-/tmp/mlog}
patience=30
stopped=0

for file in "$dir"/node*.pid; do
  [ -f "$file" ] || continue
  kill "$(cat "$file")" 2>/dev/null && stopped=$((stopped + 1))
done
for file in "$dir"/node*.pid; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  tenths=0
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$tenths" -ge $((patience * 10)) ]; then
      echo "mlog: process $pid did not stop within $patience s and is killed; nothing acknowledged is lost" >&2
      kill -9 "$pid" 2>/dev/null
    fi
    sleep 0.1
    tenths=$((tenths + 1))
  done
  rm -f "$file"
done
echo "stopped $stopped brokers; their data stays in $dir"
