#!/bin/sh
# Kills leaders of mlog and of Apache Kafka, three brokers each, under the same load; prints a Markdown table.
# usage: benchmarks/failover.sh [KILLS]
set -e
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
JAVA_HOME=$(NEED_JAVAC=1 "$root/bin/find-jdk") && export JAVA_HOME
[ -d "$root/benchmarks/kafka-broker/target/lib" ] ||
  mvn -q -f "$root/benchmarks/kafka-broker/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    "-DoutputDirectory=$root/benchmarks/kafka-broker/target/lib"
make -s -C "$root" build
mvn -q -f "$root/pom.xml" -pl benchmarks -am -DskipTests package dependency:copy-dependencies -DincludeScope=runtime
exec "$JAVA_HOME/bin/java" -cp "$root/benchmarks/target/classes:$root/benchmarks/target/dependency/*" \
  io.mlog.benchmarks.failover.FailoverComparison "$root" "$root/benchmarks/kafka-broker/target/lib" "${1:-12}"
