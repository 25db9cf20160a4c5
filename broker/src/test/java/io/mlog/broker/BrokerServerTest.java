package io.mlog.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.life.LibrariesInMemory;
import io.mlog.broker.net.Eventually;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerServerTest {
    @TempDir Path root;
    private final CompletableFuture<Throwable> bug = new CompletableFuture<>();

    private BrokerServer start(String... flags) throws IOException {
        return BrokerServer.start(
                BrokerConfig.ofFlags(flags),
                new RealFileStore(),
                new LibrariesInMemory(),
                bug::complete);
    }

    private BrokerServer startHere(String... more) throws IOException {
        String[] flags = new String[more.length + 2];
        flags[0] = "--rpc-port=0";
        flags[1] = "--data-dir=" + root.resolve("data");
        System.arraycopy(more, 0, flags, 2, more.length);
        return start(flags);
    }

    private static HttpResponse<String> get(BrokerServer broker, String path)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + broker.clientAddress() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Set<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mlog-"))
                .collect(Collectors.toSet());
    }

    /** An event loop says that it has ended a moment before its thread does. */
    private static void noThreadIsLeft() throws InterruptedException {
        Eventually.holds("no thread is left", () -> ourThreads().isEmpty());
    }

    @Test
    void servesItsPagesAndLeavesNoThreadBehind() throws Exception {
        try (BrokerServer broker = startHere()) {
            assertThat(get(broker, "/ready").statusCode()).isEqualTo(200);
            assertThat(get(broker, "/").body()).contains(broker.clusterId(), "Topics");
            assertThat(get(broker, "/metrics").body()).contains("mlog_flushes_total");
            assertThat(broker.founded()).isTrue();
            assertThat(broker.brokerId()).isPositive();
        }
        noThreadIsLeft();
        assertThat(bug).isNotDone();
    }

    @Test
    void aSecondBrokerOnTheSameDirectoryIsRefused() throws Exception {
        try (BrokerServer broker = startHere()) {
            assertThat(broker.clusterId()).isNotEmpty();
            assertThatThrownBy(this::startHere)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(root.resolve("data").toString());
        }
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefusedWithBothNames() throws Exception {
        startHere("--node-id=alpha").close();

        assertThatThrownBy(() -> startHere("--node-id=beta"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("alpha")
                .hasMessageContaining("beta");
        noThreadIsLeft();
    }

    @Test
    void aBusyPortNamesFlagAndPort() throws Exception {
        try (BrokerServer broker = startHere()) {
            int port = broker.clientAddress().port();
            assertThatThrownBy(() ->
                            start("--rpc-port=" + port, "--data-dir=" + root.resolve("other")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--rpc-port")
                    .hasMessageContaining(String.valueOf(port));
        }
    }
}
