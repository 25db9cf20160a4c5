package io.mlog.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.model.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StartScreenTest {
    @Test
    void commandsNameTheAddressOnlyWhereItIsNotTheDefault() {
        assertThat(screen(new HostPort("127.0.0.1", 9094)))
                .contains("bin/producer connect --topic hello")
                .contains("kcat -P -b 127.0.0.1:9094")
                .contains("http://127.0.0.1:9094/")
                .contains("ready in    321 ms");
        assertThat(screen(new HostPort("127.0.0.1", 1234)))
                .contains("bin/producer connect --addrs 127.0.0.1:1234 --topic hello")
                .contains("bin/consumer connect --addrs 127.0.0.1:1234 --topic hello");
    }

    @Test
    void listenerOnEveryInterfaceIsShownAsReachedFromHere() {
        assertThat(screen(new HostPort("0.0.0.0", 1234))).contains("http://127.0.0.1:1234/");
        assertThat(screen(new HostPort("::", 1234))).contains("http://[::1]:1234/");
    }

    @Test
    void durabilityAndAdvertisedAddressAreShown() {
        assertThat(screen(new HostPort("127.0.0.1", 1), "--flush=os", "--advertise-addr=node1"))
                .contains("NOT a power failure")
                .contains("told to clients as node1:9094");
        assertThat(screen(new HostPort("127.0.0.1", 1))).contains("once it is fsynced");
    }

    @Test
    void dataUnderTemporaryDirectoriesIsWarnedAbout() {
        assertThat(StartScreen.temporaryDataDirectory(Path.of("/tmp/mlog"))).isPresent();
        assertThat(StartScreen.temporaryDataDirectory(Path.of("/var/../tmp/x"))).isPresent();
        assertThat(StartScreen.temporaryDataDirectory(Path.of("/var/lib/mlog"))).isEmpty();
        assertThat(StartScreen.temporaryDataDirectory(Path.of("/tmpx/mlog"))).isEmpty();
    }

    private static String screen(HostPort address, String... flags) {
        return StartScreen.text(
                "0.1", BrokerConfig.ofFlags(flags), "cluster-a", address, Duration.ofMillis(321));
    }
}
