package io.mlog.broker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.net.ConnectionLimits;
import io.mlog.broker.net.Leaks;
import io.mlog.broker.net.ListenAddress;
import io.mlog.broker.net.Listener;
import io.mlog.broker.net.Peer;
import io.mlog.broker.net.Reception;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP as clients meet it: on the port that speaks other languages too. */
@ExtendWith(Leaks.class)
class HttpOnThePortTest {
    private final Metrics metrics = new Metrics();
    private final RequestMetrics requests = new RequestMetrics();
    private final Listener listener;

    HttpOnThePortTest() throws IOException {
        HttpSite site =
                new HttpSite(
                        new Readiness(),
                        metrics,
                        () -> {
                            throw new AssertionError("not asked before the broker is ready");
                        });
        listener =
                Listener.bind(
                        new ListenAddress(new HostPort("127.0.0.1", 0), "--rpc-port"),
                        1,
                        ConnectionLimits.DEFAULT,
                        new Reception(
                                (_, exchange) -> exchange.replyNothing(),
                                pipeline -> HttpHandler.install(pipeline, site, requests),
                                metrics,
                                requests));
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> health =
                        client.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + listener.port()
                                                                + "/health"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(health.body()).isEqualTo("up\n");
            }
            assertThat(listener.connections()).isEqualTo(1);
        }
    }

    @Test
    void theMetricsShowConnectionsAndBytesByNow() throws Exception {
        try (Peer peer = Peer.connect(listener.port())) {
            peer.send("GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n");

            assertThat(peer.readTextToEnd())
                    .contains("mlog_connections{language=\"http\"} 1.0")
                    .contains("mlog_network_in_bytes_total 44.0");
        }
    }

    @Test
    void headHasNoBodyAndABodyHasABound() throws Exception {
        try (Peer head = Peer.connect(listener.port());
                Peer large = Peer.connect(listener.port());
                Peer endless = Peer.connect(listener.port())) {
            head.send("HEAD /health HTTP/1.1\r\nConnection: close\r\n\r\n");
            large.send("POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n");
            endless.send("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n");

            assertThat(head.readTextToEnd())
                    .startsWith("HTTP/1.1 200")
                    .contains("content-length: 3")
                    .endsWith("\r\n\r\n");
            assertThat(large.readTextToEnd()).startsWith("HTTP/1.1 413");
            assertThat(endless.readTextToEnd()).startsWith("HTTP/1.1 400");
        }
    }
}
