package io.mlog.broker.http;

import io.mlog.broker.metrics.Metrics;
import io.mlog.services.BrokerService;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;
import java.util.function.Supplier;

/**
 * The pages of the port: {@code /}, {@code /health}, {@code /ready}, {@code /safe-to-stop} and
 * {@code /metrics}. Knows no sockets; any thread.
 */
public final class HttpSite {
    /** What the pages about topics need, there once the broker is ready. */
    public record Services(TopicService topics, RecordService records, BrokerService broker) {}

    private static final String PAGES = "/, /health, /ready, /safe-to-stop and /metrics";

    private final Readiness readiness;
    private final Metrics metrics;
    private final Supplier<Services> services;

    /**
     * A site about this broker.
     *
     * @param services asked only while {@code readiness} says ready
     */
    public HttpSite(Readiness readiness, Metrics metrics, Supplier<Services> services) {
        this.readiness = readiness;
        this.metrics = metrics;
        this.services = services;
    }

    /**
     * Answers a request.
     *
     * @param host the address that the browser used, as it sent it; shown, so escaped
     */
    HttpAnswer answer(String method, String path, String host) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return HttpAnswer.text(405, method + " is not served here; use GET on " + PAGES);
        }
        return switch (path) {
            case "/health" -> HttpAnswer.text(200, "up");
            case "/ready" -> ready();
            case "/safe-to-stop" -> safeToStop();
            case "/metrics" -> new HttpAnswer(200, Metrics.CONTENT_TYPE, metrics.scrape());
            case "/" -> home(host);
            default -> HttpAnswer.text(404, "there is no page " + path + "; there are " + PAGES);
        };
    }

    private HttpAnswer ready() {
        Readiness.State state = readiness.state();
        return readiness.ready()
                ? HttpAnswer.text(200, "ready")
                : HttpAnswer.text(503, "not ready: " + state.detail());
    }

    private HttpAnswer safeToStop() {
        return readiness.ready()
                ? SafeToStop.of(services.get())
                : HttpAnswer.text(503, "not ready: " + readiness.state().detail());
    }

    private HttpAnswer home(String host) {
        return readiness.ready()
                ? HttpAnswer.html(HomePage.of(services.get(), host))
                : HttpAnswer.text(503, "not ready: " + readiness.state().detail());
    }
}
