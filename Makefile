# Run `make` for the list of targets. Nothing has to be set: bin/find-jdk finds a JDK 25 by itself.
SHELL := /bin/sh
export JAVA_HOME := $(shell NEED_JAVAC=1 bin/find-jdk 2>/dev/null)
# Maven's own libraries use what newer JDKs warn about; it lives too briefly for the optimising compiler.
export MAVEN_OPTS := $(MAVEN_OPTS) -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
MVN := mvn -B -ntp
ADDRS ?= 127.0.0.1:9094
CLUSTER_ADDRS ?= 127.0.0.1:9094 127.0.0.1:9097 127.0.0.1:9100
COMPOSE := docker compose -f infra/compose.yaml

# Directories are in the list too, so that a deleted file is noticed.
SOURCES := pom.xml $(wildcard */pom.xml) $(shell find */src/main 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help tools build build-server build-producer build-consumer build-topic run demo local-cluster-start \
	local-cluster-stop cluster-up cluster-down cluster-restart cluster-logs create-topic delete-topic \
	list-topics producer-connect consumer-connect test test-coverage test-one test-slow simulate chaos bench format check clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1: /p' Makefile | awk -F': ' '{printf "%-28s%s\n", $$1, $$2}'

tools:
	@NEED_JAVAC=1 bin/find-jdk >/dev/null
	@command -v mvn >/dev/null || { echo "mlog is built with Maven 3.8.7 or newer and there is no mvn on PATH: install it, e.g. 'apt-get install maven'." >&2; exit 1; }

dist/.built: $(SOURCES)
	@$(MAKE) --no-print-directory tools
	@echo "building mlog"
	@rm -rf cli/target/lib cli/target/*.jar
	@$(MVN) -q -T1C -Dmaven.test.skip=true package -pl cli -am
	@scripts/assemble dist cli/target/lib/*.jar cli/target/mlog-cli-*.jar
	@bin/aot-cache make
	@touch $@

build: dist/.built ## jars in dist/lib, for bin/mlog and its short names

# One set of jars serves every executable; each has its target all the same.
build-server build-producer build-consumer build-topic: build

run: build ## a broker on port 9094; flags in ARGS, such as ARGS='--rpc-port 9194'
	@exec bin/server $(ARGS)

demo: build ## three brokers, one is killed with -9 under load, nothing is lost: in a minute
	@scripts/demo

local-cluster-start: build ## three brokers on this machine, on ports 9094, 9097 and 9100
	@scripts/start-local-cluster.sh $(ARGS)

local-cluster-stop: ## stops them; their data stays
	@scripts/stop-local-cluster.sh

cluster-up: build ## three brokers in Docker, on the same ports; BASE=image with a Java 25 runtime
	@$(COMPOSE) up --build --detach
	@scripts/await-ready 120 $(CLUSTER_ADDRS)
	@echo "three brokers serve on $(CLUSTER_ADDRS); make cluster-logs shows what they say"

cluster-down: ## stops them and removes their data
	@$(COMPOSE) down --volumes

cluster-restart: ## the same three, with fresh data
	@$(MAKE) --no-print-directory cluster-down
	@$(MAKE) --no-print-directory cluster-up

cluster-logs: ## their logs, as they come
	@$(COMPOSE) logs --follow

create-topic: build ## topic=NAME [replicas=N] [partitions=N]
	@$(call need,topic) bin/topic create --addrs $(ADDRS) --topic '$(topic)' $(if $(replicas),--replicas $(replicas)) $(if $(partitions),--partitions $(partitions))

delete-topic: build ## topic=NAME
	@$(call need,topic) bin/topic delete --addrs $(ADDRS) --topic '$(topic)'

list-topics: build ## the topics of the broker at ADDRS
	@bin/topic list --addrs $(ADDRS)

producer-connect: build ## topic=NAME: lines that you type become records
	@$(call need,topic) bin/producer connect --addrs $(ADDRS) --topic '$(topic)' $(ARGS)

consumer-connect: build ## topic=NAME: prints records as they come, and remembers where it was
	@$(call need,topic) bin/consumer connect --addrs $(ADDRS) --topic '$(topic)' --id console $(ARGS)

test: build ## the whole ordinary test suite
	@scripts/run-tests test

test-one: build ## CLASS=NAME: one test class
	@$(call need,CLASS) scripts/run-tests test -Dtest='$(CLASS)' -Dsurefire.failIfNoSpecifiedTests=false -Dtest.excludedGroups=

test-slow: build ## the tests that take minutes
	@scripts/run-tests test -Dtest.excludedGroups= -Dgroups=slow -Dtest.timeoutSeconds=7200

simulate: tools ## SEEDS=100000 simulated clusters under faults, from a random seed on; or SEED=N, one again
	@scripts/run-tests test -pl simulation -am -Dtest=SimulationTest#freshSeedsKeepEveryPromise -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dsimulation.seeds=$(or $(SEEDS),$(if $(SEED),1,100000)) $(if $(SEED),-Dsimulation.seed=$(SEED)) $(if $(EVENTS),-Dsimulation.events=$(EVENTS)) \
	  -Dtest.jvm='-Xmx1g -XX:+UseParallelGC' -Dtest.timeoutSeconds=0

chaos: build ## DURATION=2m [SEED=N]; three brokers under load while everything goes wrong
	@scripts/run-tests test -pl system-tests -am -Dtest='ChaosTest#nothingIsLostDoubledOrTakenBackForLong' -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest.excludedGroups= -Dtest.timeoutSeconds=0 $(if $(DURATION),-Dmlog.chaos.duration=$(DURATION)) $(if $(SEED),-Dmlog.chaos.seed=$(SEED))

test-coverage: build ## the ordinary tests, and how much of each module they reach
	@scripts/run-tests test -Pcoverage
	@scripts/coverage

bench: build ## against Apache Kafka's own broker, on this machine
	@benchmarks/compare.sh $(ARGS)

format: tools ## rewrites the sources as make check wants them
	@$(MVN) -q spotless:apply

check: tools ## format, compiler warnings, and the rules between the modules
	@$(MVN) -q spotless:check
	@scripts/run-tests test -pl system-tests -am -Dtest=ArchitectureTest -Dsurefire.failIfNoSpecifiedTests=false

clean: ## removes everything that was built
	@rm -rf dist target */target benchmarks/*/target system-tests/programs/target

need = $(if $($(1)),,echo "say which: make $@ $(1)=…" >&2; exit 2;)
