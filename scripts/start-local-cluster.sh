#!/usr/bin/env bash
# Starts three brokers on this machine as one cluster, and returns once all three serve.
#
#   LOCAL_CLUSTER_DIR   where they store and log (default /tmp/mlog): node1, node2, node3 and node1.log, …
#   LOCAL_CLUSTER_PORT  first of nine ports (default 9092): node 1 takes three, node 2 the next three, …
#   LOCAL_CLUSTER_HOST  address they listen on (default 127.0.0.1)
#
# Arguments go to every broker, such as --cluster-key or --log-level. Stop it with scripts/stop-local-cluster.sh.
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
dir=${LOCAL_CLUSTER_DIR:-/tmp/mlog}
first=${LOCAL_CLUSTER_PORT:-9092}
host=${LOCAL_CLUSTER_HOST:-127.0.0.1}
nodes='1 2 3'
patience=60

gossip() { echo $((first + 3 * ($1 - 1))); }
raft() { echo $((first + 3 * ($1 - 1) + 1)); }
rpc() { echo $((first + 3 * ($1 - 1) + 2)); }
pid_file() { echo "$dir/node$1.pid"; }
alive() { [ -f "$(pid_file "$1")" ] && kill -0 "$(cat "$(pid_file "$1")")" 2>/dev/null; }

say_and_stop() {
  echo "mlog: $1" >&2
  "$home/scripts/stop-local-cluster.sh" >&2
  exit 1
}

for n in $nodes; do
  if alive "$n"; then
    echo "mlog: node $n of the local cluster runs already (process $(cat "$(pid_file "$n")")): scripts/stop-local-cluster.sh stops it" >&2
    exit 1
  fi
done
mkdir -p "$dir" || exit 1

for n in $nodes; do
  peers=
  for other in $nodes; do
    [ "$other" = "$n" ] || peers="$peers --peer $host:$(gossip "$other")"
  done
  [ "$n" = 1 ] && [ ! -e "$dir/node1" ] && peers="$peers --bootstrap"
  # shellcheck disable=SC2086 # the peers are several words
  setsid "$home/bin/server" --node-id "node-$n" --data-dir "$dir/node$n" --bind-addr "$host:$(gossip "$n")" \
    --raft-addr "$host:$(raft "$n")" --rpc-port "$(rpc "$n")" $peers "$@" \
    >"$dir/node$n.log" 2>&1 </dev/null &
  echo $! >"$(pid_file "$n")"
done

"$home/scripts/await-ready" "$patience" "$host:$(rpc 1)" "$host:$(rpc 2)" "$host:$(rpc 3)" &
waiting=$!
while kill -0 "$waiting" 2>/dev/null; do
  for n in $nodes; do
    alive "$n" || { kill "$waiting"; say_and_stop "node $n has ended, its log $dir/node$n.log ends with: $(tail -n 1 "$dir/node$n.log")"; }
  done
  sleep 0.1
done
wait "$waiting" || say_and_stop "the cluster does not serve after $patience s; the logs are $dir/node1.log to node3.log"

echo "three brokers serve: $host:$(rpc 1), $host:$(rpc 2), $host:$(rpc 3)"
for n in $nodes; do
  echo "  node-$n  process $(cat "$(pid_file "$n")")  log $dir/node$n.log"
done
echo "stop them with scripts/stop-local-cluster.sh (or make local-cluster-stop)"
