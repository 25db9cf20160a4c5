package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.config.Setting;
import io.mlog.broker.config.Settings;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every setting given to a real process as a flag, in the environment and in a file: the broker
 * tells each of them back as it was given. The broker's own test reads each alone, and wrong
 * values.
 */
class SettingsTest {
    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void prepare() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    void everySettingIsTakenAsAFlag() throws Exception {
        Map<String, String> given = given();
        Launch launch = Launch.bin("server");
        for (var setting : given.entrySet()) {
            launch = launch.with("--" + setting.getKey(), setting.getValue());
        }
        assertTold(launch, given);
    }

    @Test
    void everySettingIsTakenFromTheEnvironment() throws Exception {
        Map<String, String> given = given();
        Launch launch = Launch.bin("server");
        for (var setting : given.entrySet()) {
            String name = "MLOG_" + setting.getKey().toUpperCase(Locale.ROOT).replace('-', '_');
            launch = launch.env(name, setting.getValue());
        }
        assertTold(launch, given);
    }

    @Test
    void everySettingIsTakenFromTheFile() throws Exception {
        Map<String, String> given = given();
        List<String> lines =
                given.entrySet().stream().map(s -> s.getKey() + "=" + s.getValue()).toList();
        Path file = Files.write(folder.resolve("mlog.conf"), lines);
        assertTold(Launch.bin("server", "--config", file.toString()), given);
    }

    private void assertTold(Launch launch, Map<String, String> given) throws Exception {
        broker.start(launch);
        Map<String, String> told = new TreeMap<>();
        try (Admin admin = KafkaClients.admin(broker.address())) {
            String id = admin.describeCluster().nodes().get().iterator().next().idString();
            ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, id);
            for (ConfigEntry entry :
                    Objects.requireNonNull(
                                    admin.describeConfigs(List.of(self)).all().get().get(self))
                            .entries()) {
                if (entry.source() == ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG) {
                    told.put(entry.name(), entry.value());
                }
            }
        }
        Map<String, String> expected = new TreeMap<>(given);
        expected.put("cluster-key", "(secret)");
        assertThat(told).isEqualTo(expected);
    }

    /** A value for every setting, none of them its default. */
    private Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        broker.ownFlags().forEach((flag, value) -> given.put(flag.substring(2), value));
        given.put("advertise-addr", "localhost");
        given.put("advertise-client-addr", broker.address());
        given.put("node-id", "another-1");
        given.put("bootstrap", "true");
        given.put("rack", "eu-1/a");
        given.put("cluster-key", "a-key-of-22-characters-or-more");
        given.put("flush", "os");
        given.put("flush-interval-ms", "4000");
        given.put("segment-bytes", "2097152");
        given.put("segment-ms", "3600000");
        given.put("retention-ms", "7200000");
        given.put("retention-bytes", "8388608");
        given.put("retention-check-interval-ms", "50000");
        given.put("compaction-check-interval-ms", "20000");
        given.put("compaction-memory-bytes", "2097152");
        given.put("compaction-bytes-per-second", "1000000");
        given.put("index-interval-bytes", "8192");
        given.put("max-message-bytes", "500000");
        given.put("disk-reserve-bytes", "1048576");
        given.put("recovery-threads", "1");
        given.put("auto-create-topics", "false");
        given.put("default-partitions", "2");
        given.put("producer-id-expiration-ms", "3600000");
        given.put("event-loops", "1");
        given.put("max-frame-bytes", "10000000");
        given.put("max-connections", "100");
        given.put("connections-max-idle-ms", "120000");
        given.put("connection-max-requests", "64");
        given.put("connection-max-response-bytes", "1048576");
        given.put("connection-stall-ms", "30000");
        given.put("fetch-max-bytes", "5000000");
        given.put("fetch-max-wait-ms", "10000");
        given.put("replication-batch-size", "1000");
        given.put("isr-lag-threshold", "50");
        given.put("isr-lag-time", "2000");
        given.put("reassignment-bytes-per-second", "1000000");
        given.put("group-min-session-timeout-ms", "5000");
        given.put("group-max-session-timeout-ms", "600000");
        given.put("group-initial-rebalance-delay-ms", "100");
        given.put("group-consumer-heartbeat-interval-ms", "2000");
        given.put("offsets-retention-minutes", "10000");
        given.put("log-level", "warn");
        given.put("log-format", "json");
        assertThat(given.keySet())
                .as("a new setting is to be given here, too; peers are ClusterTest's")
                .containsExactlyInAnyOrderElementsOf(
                        Settings.all().stream()
                                .map(Setting::name)
                                .filter(name -> !name.equals("peer"))
                                .collect(Collectors.toList()));
        return given;
    }
}
