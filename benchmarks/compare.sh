#!/bin/sh
# Compares mlog with Apache Kafka's broker: gathers Kafka's jars, builds, runs, prints a Markdown table.
# usage: benchmarks/compare.sh [ROUNDS] [SCALE]
set -e
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
JAVA_HOME=$(NEED_JAVAC=1 "$root/bin/find-jdk") && export JAVA_HOME
for jars in kafka-broker kafka-tools; do
  [ -d "$root/benchmarks/$jars/target/lib" ] ||
    mvn -q -f "$root/benchmarks/$jars/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
      "-DoutputDirectory=$root/benchmarks/$jars/target/lib"
done
make -s -C "$root" build
mvn -q -f "$root/pom.xml" -pl benchmarks -am -DskipTests package dependency:copy-dependencies -DincludeScope=runtime
exec "$JAVA_HOME/bin/java" -cp "$root/benchmarks/target/classes:$root/benchmarks/target/dependency/*" \
  io.mlog.benchmarks.KafkaComparison "$root" "$root/benchmarks/kafka-broker/target/lib" \
  "$root/benchmarks/kafka-tools/target/lib" "${1:-3}" "${2:-1.0}"
