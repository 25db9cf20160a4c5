package io.mlog.broker.net;

import io.mlog.kafka.KafkaReply;
import io.mlog.kafka.ReplyPart;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's requests and replies on one connection: replies leave in the order of the requests,
 * whichever is ready first. Owner: the connection's event loop; replies may come from any thread.
 */
final class KafkaConversation implements Conversation {
    private final FramedConnection connection;
    private final Household household;
    private final KafkaPeer peer;
    private final int maxInFlight;

    /** Requests not answered yet, oldest first. */
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    /** Bytes in memory of answers that wait for those before them. */
    private final AtomicLong readyBytes = new AtomicLong();

    KafkaConversation(FramedConnection connection, Household household) {
        this.connection = connection;
        this.household = household;
        this.peer = new KafkaPeer(connection.channel());
        this.maxInFlight = household.limits().maxRequestsInFlight();
    }

    @Override
    public boolean takesMore() {
        return places.size() < maxInFlight
                && readyBytes.get() < household.limits().maxReplyBytes()
                && household.gate().isOpen();
    }

    @Override
    public void request(ByteBuffer payload) {
        int apiKey = payload.remaining() >= 2 ? payload.getShort(payload.position()) : -1;
        Place place = new Place(apiKey, household.nanoTime().getAsLong());
        places.add(place);
        WaitingFetch waiting = household.gate().kafka().handle(payload, peer, place);
        if (place.reply == null) {
            place.waiting = waiting;
        }
    }

    @Override
    public void writeReady() {
        for (Place place = places.peek();
                place != null && place.reply != null && !connection.isClosing();
                place = places.peek()) {
            places.poll();
            readyBytes.addAndGet(-bytesInMemory(place.reply));
            write(place, place.reply);
        }
    }

    @Override
    public boolean isWaiting() {
        return !places.isEmpty() || (!household.gate().isOpen() && !connection.isEnding());
    }

    @Override
    public void closed() {
        peer.closed();
        for (Iterator<Place> all = places.iterator(); all.hasNext(); ) {
            Place place = all.next();
            place.abandon();
            KafkaReply late = place.reply;
            if (late != null) {
                all.remove();
                release(late);
            }
        }
    }

    private void write(Place place, KafkaReply reply) {
        household
                .kafkaStats()
                .of(place.apiKey, reply.api())
                .answered(
                        household.nanoTime().getAsLong() - place.startedNanos,
                        reply instanceof KafkaReply.Close);
        switch (reply) {
            case KafkaReply.Send send -> send(send.parts());
            case KafkaReply.Nothing _ -> {}
            case KafkaReply.Close close -> {
                connection.report(CloseReason.REFUSED, close.reason());
                connection.closeAfterReplies();
            }
        }
        if (peer.isEnding()) {
            connection.closeAfterReplies();
        }
    }

    /** By index: this runs for every request and a list's iterator is an object. */
    private void send(List<ReplyPart> parts) {
        ReplyWriter replies = connection.replies();
        int i = 0;
        try {
            for (; i < parts.size(); i++) {
                switch (parts.get(i)) {
                    case ReplyPart.Bytes bytes -> replies.bytes(bytes.bytes());
                    case ReplyPart.Records records -> replies.records(records.slice());
                }
            }
        } catch (IOException e) {
            release(new KafkaReply.Send("", parts.subList(i + 1, parts.size())));
            connection.fail("records for a fetch cannot be read", e);
        }
    }

    private static long bytesInMemory(KafkaReply reply) {
        long bytes = 0;
        if (reply instanceof KafkaReply.Send send) {
            for (int i = 0; i < send.parts().size(); i++) {
                if (send.parts().get(i) instanceof ReplyPart.Bytes part) {
                    bytes += part.sizeBytes();
                }
            }
        }
        return bytes;
    }

    private static void release(KafkaReply reply) {
        if (reply instanceof KafkaReply.Send send) {
            send.release();
        }
    }

    /** A request's place in the order of replies. */
    private final class Place implements Consumer<KafkaReply> {
        private final int apiKey;
        private final long startedNanos;
        private volatile @Nullable KafkaReply reply;
        private @Nullable WaitingFetch waiting;

        Place(int apiKey, long startedNanos) {
            this.apiKey = apiKey;
            this.startedNanos = startedNanos;
        }

        @Override
        public void accept(KafkaReply ready) {
            if (reply != null) {
                release(ready);
                throw new IllegalStateException(
                        "a second answer to one " + ready.api() + " request");
            }
            readyBytes.addAndGet(bytesInMemory(ready));
            reply = ready;
            connection.replyReady();
        }

        void abandon() {
            WaitingFetch wait = waiting;
            waiting = null;
            if (wait != null) {
                wait.cancel();
            }
        }
    }
}
