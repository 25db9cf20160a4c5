package io.mlog.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerConfigTest {
    @Test
    void defaultsAreThoseOfASingleLocalBroker() {
        BrokerConfig config = BrokerConfig.ofFlags();
        assertThat(config.network().clientAddress()).hasToString("127.0.0.1:9094");
        assertThat(config.network().advertisedClientAddress()).isEmpty();
        assertThat(config.storage().dataDir()).isEqualTo(Path.of("/tmp/mlog"));
        assertThat(config.storage().flush()).isEqualTo(FlushMode.GROUP);
        assertThat(config.node().nodeId()).isEqualTo("node-1");
    }

    @Test
    void clientsAreToldTheClientAddressElseTheAdvertisedHostWithTheClientPort() {
        assertThat(BrokerConfig.ofFlags("--advertise-addr=node1").network())
                .extracting(network -> network.advertisedClientAddress().orElseThrow().toString())
                .isEqualTo("node1:9094");
        assertThat(
                        BrokerConfig.ofFlags(
                                        "--advertise-addr=[::1]", "--advertise-client-addr=x:1")
                                .network())
                .extracting(network -> network.advertisedClientAddress().orElseThrow().toString())
                .isEqualTo("x:1");
        assertThat(BrokerConfig.ofFlags("--advertise-addr=[::1]").network())
                .extracting(network -> network.advertisedClientAddress().orElseThrow().host())
                .isEqualTo("::1");
    }

    @Test
    void listeningEverywhereWithPeersNeedsAnAddressForThem() {
        assertThatThrownBy(() ->
                        BrokerConfig.ofFlags("--peer=10.0.0.2:9092", "--bind-addr=0.0.0.0:9092"))
                .isInstanceOf(ConfigRefusedException.class)
                .hasMessageContaining("0.0.0.0:9092")
                .hasMessageContaining("10.0.0.2:9092")
                .hasMessageContaining("advertise-addr");
        BrokerConfig told =
                BrokerConfig.ofFlags(
                        "--peer=10.0.0.2:9092",
                        "--bind-addr=0.0.0.0:9092",
                        "--raft-addr=0.0.0.0:9093",
                        "--advertise-addr=node1",
                        "--rack=a");
        assertThat(told.node().peers()).containsExactly(new HostPort("10.0.0.2", 9092));
        assertThat(told.node().rack()).contains("a");
    }

    @Test
    void combinationsThatCannotWorkAreRefused() {
        assertThatThrownBy(() ->
                        BrokerConfig.ofFlags(
                                "--max-frame-bytes=10000", "--max-message-bytes=10000"))
                .hasMessage(
                        "max-message-bytes 10000 does not fit into a request of max-frame-bytes"
                                + " 10000: it must be at most 8976");
        assertThatThrownBy(() -> BrokerConfig.ofFlags("--rpc-port=9093"))
                .hasMessageContaining("same port");
        assertThatThrownBy(() ->
                        BrokerConfig.ofFlags(
                                "--group-min-session-timeout-ms=5000",
                                "--group-max-session-timeout-ms=4000"))
                .hasMessage(
                        "group-min-session-timeout-ms 5000 is above group-max-session-timeout-ms"
                                + " 4000: no member could join");
        assertThatThrownBy(() -> BrokerConfig.ofFlags("--offsets-retention-minutes=0"))
                .hasMessageContaining("would forget offsets at once");
    }

    @Test
    void recordsRefuseWhatTheTableDoesNotAllow() {
        assertThatThrownBy(() -> new TopicDefaults(true, 0, 4096, 1, -1, -1, 4096))
                .hasMessageContaining("default-partitions '0'")
                .hasMessageContaining("from 1 to 10000");
        assertThatThrownBy(() ->
                        new StorageConfig(
                                Path.of("x"),
                                FlushMode.OS,
                                5000,
                                1,
                                0,
                                0,
                                1000,
                                new CompactionSettings(1000, 1 << 20, 0),
                                1000))
                .hasMessageContaining("index-interval-bytes '1'");
        assertThatThrownBy(() -> new CompactionSettings(1000, 1, 0))
                .hasMessageContaining("compaction-memory-bytes '1'");
    }

    @Test
    void configurationFileIsNamedByFlagOrVariable(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("mlog.conf"), "node-id=from-file\n");
        assertThat(
                        BrokerConfig.read(List.of("--config", file.toString()), Map.of())
                                .node()
                                .nodeId())
                .isEqualTo("from-file");
        assertThat(
                        BrokerConfig.read(List.of(), Map.of("MLOG_CONFIG", file.toString()))
                                .node()
                                .nodeId())
                .isEqualTo("from-file");
    }

    @Test
    void missingConfigurationFileIsRefusedByName(@TempDir Path dir) {
        Path missing = dir.resolve("none.conf");
        assertThatThrownBy(() -> BrokerConfig.ofFlags("--config=" + missing))
                .isInstanceOf(ConfigRefusedException.class)
                .hasMessageContaining(missing.toString());
    }
}
