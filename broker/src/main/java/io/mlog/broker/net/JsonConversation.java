package io.mlog.broker.net;

import io.mlog.model.HostPort;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JSON requests and replies on one connection: a reply leaves as soon as it is ready and may
 * overtake others. Owner: the connection's event loop; replies may come from any thread.
 */
final class JsonConversation implements Conversation {
    /** Requests that wait may hold their records: no more are taken beyond so many bytes. */
    private static final long MAX_IN_FLIGHT_BYTES = 32L << 20;

    private final FramedConnection connection;
    private final Household household;
    private final HostPort localAddress;
    private final HostPort remoteAddress;
    private final int maxInFlight;

    /** Requests not answered yet. */
    private final Set<Pending> inFlight = new HashSet<>();

    private long inFlightBytes;

    /** Answered ones to be written, never more than are in flight. */
    private final Queue<Pending> ready = new ConcurrentLinkedQueue<>();

    JsonConversation(FramedConnection connection, Household household) {
        this.connection = connection;
        this.household = household;
        this.localAddress = Addresses.of(connection.channel().localAddress());
        this.remoteAddress = Addresses.of(connection.channel().remoteAddress());
        this.maxInFlight = household.limits().maxRequestsInFlight();
    }

    @Override
    public boolean takesMore() {
        return inFlight.size() < maxInFlight && inFlightBytes < MAX_IN_FLIGHT_BYTES;
    }

    @Override
    public void request(ByteBuffer payload) {
        Pending pending = new Pending(payload.remaining());
        inFlightBytes += pending.requestBytes;
        inFlight.add(pending);
        household.gate().json().handle(payload, pending);
    }

    @Override
    public void writeReady() {
        for (Pending pending = ready.poll(); pending != null; pending = ready.poll()) {
            inFlight.remove(pending);
            inFlightBytes -= pending.requestBytes;
            Supplier<ByteBuffer> payload = pending.payload;
            if (payload != null) {
                ByteBuffer bytes = payload.get();
                connection.replies().frame(bytes.remaining());
                connection.replies().bytes(bytes);
            }
        }
    }

    @Override
    public boolean isWaiting() {
        return !inFlight.isEmpty();
    }

    @Override
    public void closed() {
        ready.clear();
        Set<Pending> abandoned = Set.copyOf(inFlight);
        inFlight.clear();
        abandoned.forEach(Pending::abandon);
    }

    /** One request; its state is guarded by itself, since answers come from any thread. */
    private final class Pending implements Exchange {
        private final int requestBytes;
        private volatile @Nullable Supplier<ByteBuffer> payload;
        private boolean answered; // guarded by this
        private boolean abandoned; // guarded by this
        private @Nullable Runnable cancel; // guarded by this

        Pending(int requestBytes) {
            this.requestBytes = requestBytes;
        }

        @Override
        public void reply(Supplier<ByteBuffer> bytes) {
            payload = bytes;
            answer();
        }

        @Override
        public void replyNothing() {
            answer();
        }

        @Override
        public void whenAbandoned(Runnable action) {
            synchronized (this) {
                if (answered) {
                    return;
                }
                if (!abandoned) {
                    cancel = action;
                    return;
                }
            }
            action.run();
        }

        @Override
        public void execute(Runnable task) {
            connection.execute(task);
        }

        @Override
        public HostPort localAddress() {
            return localAddress;
        }

        @Override
        public HostPort remoteAddress() {
            return remoteAddress;
        }

        private void answer() {
            synchronized (this) {
                if (answered) {
                    throw new IllegalStateException("a second answer to one request");
                }
                answered = true;
                cancel = null;
                if (abandoned) {
                    return;
                }
            }
            ready.add(this);
            connection.replyReady();
        }

        void abandon() {
            Runnable action;
            synchronized (this) {
                abandoned = true;
                action = cancel;
                cancel = null;
            }
            if (action != null) {
                action.run();
            }
        }
    }
}
