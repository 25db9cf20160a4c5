package io.mlog.broker.net;

import java.util.Optional;

/**
 * Whether requests are served yet. Opened once; any thread.
 *
 * <p>Before that JSON requests are answered by a service that says so, and Kafka connections, whose
 * language has no word for it, are not read.
 */
final class Gate {
    private final JsonService beforeReady;
    private volatile Optional<Serving> serving = Optional.empty();

    Gate(JsonService beforeReady) {
        this.beforeReady = beforeReady;
    }

    void open(Serving with) {
        serving = Optional.of(with);
    }

    boolean isOpen() {
        return serving.isPresent();
    }

    JsonService json() {
        return serving.map(Serving::json).orElse(beforeReady);
    }

    KafkaService kafka() {
        return serving.orElseThrow(() -> new IllegalStateException("the gate is closed")).kafka();
    }
}
