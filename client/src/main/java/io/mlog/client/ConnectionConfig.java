package io.mlog.client;

import io.mlog.model.HostPort;
import io.mlog.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a client reaches the cluster. Made by {@link #builder}.
 *
 * @param addresses nodes to begin with, one or more; the others are found from there
 * @param connectTimeout for one attempt to connect, a day at most
 * @param requestTimeout a day at most; for one request, retries and rediscovery included (records
 *     of a producer have a deadline of their own)
 * @param patience a day at most; how long one node may take to answer what another could answer
 *     too, before that is asked; twice as long at the next, and so on
 * @param idleTimeout after which a connection without requests is closed; below the broker's 10 min
 * @param maxConnections most connections at a time, one per node
 * @param maxInFlight most unanswered requests on one connection
 * @param maxFrameBytes longest frame sent or accepted, {@link Frame#checkLimit}
 * @param backoffFirst wait before the first retry; it doubles with each one, with jitter
 * @param backoffMax the longest wait between retries
 * @param notices is told in a sentence, once for each request, when one has been failing for a
 *     second and is tried on; on the client's thread, which must not block
 */
public record ConnectionConfig(
        List<HostPort> addresses,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration patience,
        Duration idleTimeout,
        int maxConnections,
        int maxInFlight,
        int maxFrameBytes,
        Duration backoffFirst,
        Duration backoffMax,
        Consumer<String> notices) {
    public ConnectionConfig {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no addresses to connect to");
        }
        Limits.wait("connectTimeout", connectTimeout);
        Limits.wait("requestTimeout", requestTimeout);
        Limits.wait("patience", patience);
        Limits.atLeast("idleTimeout", idleTimeout, Duration.ofMillis(1));
        Limits.atLeast("maxConnections", maxConnections, 1);
        Limits.atLeast("maxInFlight", maxInFlight, 1);
        Frame.checkLimit(maxFrameBytes);
        Limits.atLeast("backoffFirst", backoffFirst, Duration.ofMillis(1));
        Limits.atLeast("backoffMax", backoffMax, backoffFirst);
        Objects.requireNonNull(notices);
    }

    /** Starts from the defaults: 127.0.0.1:9094, 5 s to connect, 30 s for a request. */
    public static Builder builder() {
        return new Builder();
    }

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private List<HostPort> addresses = List.of(new HostPort("127.0.0.1", 9094));
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration patience = Duration.ofSeconds(1);
        private Duration idleTimeout = Duration.ofMinutes(5);
        private int maxConnections = 100;
        private int maxInFlight = 10_000;
        private int maxFrameBytes = Frame.DEFAULT_MAX_BYTES;
        private Duration backoffFirst = Duration.ofMillis(20);
        private Duration backoffMax = Duration.ofSeconds(1);
        private Consumer<String> notices = sentence -> {};

        private Builder() {}

        /**
         * Nodes to begin with.
         *
         * @param addresses {@code HOST:PORT}, or several separated by commas
         */
        public Builder addresses(String... addresses) {
            List<HostPort> parsed = new ArrayList<>();
            for (String several : addresses) {
                for (String one : several.split(",", -1)) {
                    parsed.add(HostPort.parse(one.strip()));
                }
            }
            return addresses(parsed);
        }

        /** Nodes to begin with. */
        public Builder addresses(List<HostPort> addresses) {
            this.addresses = List.copyOf(addresses);
            return this;
        }

        /** For one attempt to connect; default 5 s. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        /** For one request with all its retries; default 30 s. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = requestTimeout;
            return this;
        }

        /** For the answer of one node among several that could give it; default 1 s. */
        public Builder patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        /** For a connection without requests; default 5 min. */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = idleTimeout;
            return this;
        }

        /** Most connections, one per node; default 100. */
        public Builder maxConnections(int maxConnections) {
            this.maxConnections = maxConnections;
            return this;
        }

        /** Most unanswered requests per connection; default 10,000. */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /** Longest frame; default 100 MiB. */
        public Builder maxFrameBytes(int maxFrameBytes) {
            this.maxFrameBytes = maxFrameBytes;
            return this;
        }

        /** Waits between retries: the first (default 20 ms) and the longest (default 1 s). */
        public Builder backoff(Duration first, Duration max) {
            this.backoffFirst = first;
            this.backoffMax = max;
            return this;
        }

        /** Who is told that a request is failing and tried on; default nobody. */
        public Builder notices(Consumer<String> notices) {
            this.notices = notices;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public ConnectionConfig build() {
            return new ConnectionConfig(
                    addresses,
                    connectTimeout,
                    requestTimeout,
                    patience,
                    idleTimeout,
                    maxConnections,
                    maxInFlight,
                    maxFrameBytes,
                    backoffFirst,
                    backoffMax,
                    notices);
        }
    }
}
