package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Ran;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Kafka's command line tools, by the classes that their scripts run. */
enum KafkaTool {
    BROKER_API_VERSIONS("org.apache.kafka.tools.BrokerApiVersionsCommand"),
    CLUSTER("org.apache.kafka.tools.ClusterTool"),
    CONFIGS("kafka.admin.ConfigCommand"),
    CONSOLE_CONSUMER("org.apache.kafka.tools.consumer.ConsoleConsumer"),
    CONSOLE_PRODUCER("org.apache.kafka.tools.ConsoleProducer"),
    CONSUMER_GROUPS("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
    CONSUMER_PERF_TEST("org.apache.kafka.tools.ConsumerPerformance"),
    DELETE_RECORDS("org.apache.kafka.tools.DeleteRecordsCommand"),
    E2E_LATENCY("org.apache.kafka.tools.EndToEndLatency"),
    GET_OFFSETS("org.apache.kafka.tools.GetOffsetShell"),
    GROUPS("org.apache.kafka.tools.GroupsCommand"),
    LEADER_ELECTION("org.apache.kafka.tools.LeaderElectionCommand"),
    LOG_DIRS("org.apache.kafka.tools.LogDirsCommand"),
    PRODUCER_PERF_TEST("org.apache.kafka.tools.ProducerPerformance"),
    REASSIGN_PARTITIONS("org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
    TOPICS("org.apache.kafka.tools.TopicCommand"),
    VERIFIABLE_CONSUMER("org.apache.kafka.tools.VerifiableConsumer"),
    VERIFIABLE_PRODUCER("org.apache.kafka.tools.VerifiableProducer");

    private static final Duration OWN_PROCESS_LIMIT = Duration.ofSeconds(90);

    private final String mainClass;

    KafkaTool(String mainClass) {
        this.mainClass = mainClass;
    }

    /** Runs it against the row's brokers; it must succeed. Returns its stdout. */
    String ok(Stage stage, String... arguments) throws Exception {
        return run(stage, arguments).ok().out();
    }

    /** Runs it against the row's brokers. */
    Ran run(Stage stage, String... arguments) throws Exception {
        return runReading(stage, "", arguments);
    }

    /** The same, with something to read on stdin. */
    Ran runReading(Stage stage, String stdin, String... arguments) throws Exception {
        return stage.scene()
                .tools()
                .run(mainClass, stdin, withBrokers(stage, arguments).toArray(String[]::new));
    }

    /**
     * Runs one that ends its process in a way that cannot be caught, in a process of its own; it
     * must succeed. Returns its stdout.
     */
    String okInOwnProcess(Stage stage, String... arguments) throws Exception {
        return Commands.run(
                        OWN_PROCESS_LIMIT,
                        KafkaPrograms.java(
                                mainClass, withBrokers(stage, arguments).toArray(String[]::new)))
                .ok()
                .out();
    }

    private List<String> withBrokers(Stage stage, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        // Behind the command of a tool that has commands.
        int at = this == CLUSTER ? 1 : 0;
        all.addAll(at, List.of("--bootstrap-server", stage.addresses()));
        return all;
    }
}
