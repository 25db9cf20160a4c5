package io.mlog.systemtests.programs;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The word count of Kafka Streams: the lines of one topic, the number of each word so far to
 * another. At least once, stores in memory, which have changelogs on the broker as others do. Ends
 * with its stdin.
 */
public final class WordCount {
    private static final Pattern NOT_A_WORD = Pattern.compile("\\W+");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private WordCount() {}

    /** ADDRESSES APPLICATION FROM-TOPIC TO-TOPIC STATE-FOLDER REPLICAS. */
    public static void main(String[] arguments) throws Exception {
        try (KafkaStreams streams =
                new KafkaStreams(
                        topology(arguments[2], arguments[3]),
                        settings(arguments[0], arguments[1], arguments[4], arguments[5]))) {
            streams.setStateListener((now, before) -> System.out.println(before + " -> " + now));
            streams.start();
            System.in.transferTo(System.out);
            if (!streams.close(CLOSE_LIMIT)) {
                throw new IllegalStateException("Streams did not close within " + CLOSE_LIMIT);
            }
        }
    }

    private static Topology topology(String from, String to) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(from, Consumed.with(Serdes.ByteArray(), Serdes.String()))
                .flatMapValues(line -> List.of(NOT_A_WORD.split(line.toLowerCase(Locale.ROOT), -1)))
                .groupBy((_, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
                .count()
                .toStream()
                .mapValues(count -> Long.toString(count))
                .to(to, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static Properties settings(
            String addresses, String application, String state, String replicas) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, addresses);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicas);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers
                        .class
                        .getName());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        // Streams does not leave its group at its end; the next life waits for the end of that
        // session.
        settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
        settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
        return settings;
    }
}
