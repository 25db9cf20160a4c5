package io.mlog.broker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpHandlerTest {
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    private final RequestMetrics requests = new RequestMetrics();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    HttpHandlerTest() {
        HttpSite site =
                new HttpSite(
                        readiness,
                        metrics,
                        () -> {
                            throw new AssertionError("not asked before the broker is ready");
                        });
        HttpHandler.install(channel.pipeline(), site, requests);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private String ask(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, UTF_8));
        StringBuilder answer = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            answer.append(out.toString(UTF_8));
            out.release();
        }
        return answer.toString();
    }

    private String get(String path) {
        return ask("GET " + path + " HTTP/1.1\r\nHost: broker:9094\r\n\r\n");
    }

    @Test
    void healthSaysUpWhileTheBrokerIsStillStarting() {
        assertThat(get("/health")).startsWith("HTTP/1.1 200").endsWith("up\n");
    }

    @Test
    void readySaysHowFarRecoveryIsUntilItIsDone() {
        readiness.become(Readiness.Phase.STARTING, "recovered 3 of 8 partitions");
        assertThat(get("/ready"))
                .startsWith("HTTP/1.1 503")
                .contains("recovered 3 of 8 partitions");

        readiness.become(Readiness.Phase.READY, "");
        assertThat(get("/ready")).startsWith("HTTP/1.1 200");
    }

    @Test
    void metricsArePrometheusText() {
        metrics.add(samples -> samples.gauge("mlog_answer", "The answer.", 42));

        assertThat(get("/metrics?x=1"))
                .contains("text/plain; version=0.0.4")
                .contains("mlog_answer 42.0");
    }

    @Test
    void anUnknownPageNamesThoseThereAre() {
        assertThat(get("/nope")).startsWith("HTTP/1.1 404").contains("/metrics");
    }

    @Test
    void otherMethodsAreRefusedByName() {
        assertThat(ask("DELETE /health HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("allow: GET, HEAD")
                .contains("DELETE is not served");
    }

    @Test
    void headHasTheLengthButNoBody() {
        assertThat(ask("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains("content-length: 3")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aConnectionServesSeveralRequests() {
        get("/health");

        assertThat(get("/health")).startsWith("HTTP/1.1 200");
        assertThat(requests.of("http", "page").count()).isEqualTo(2);
    }

    @Test
    void whatIsNotHttpIsAnsweredAndClosed() {
        assertThat(ask("GET\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void namesFromOutsideAreEscaped() {
        assertThat(HomePage.escaped("<script>'\"&")).isEqualTo("&lt;script&gt;&#39;&quot;&amp;");
    }
}
