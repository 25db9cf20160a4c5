package io.mlog.core.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.producer.SequenceOutcome.Accept;
import io.mlog.core.producer.SequenceOutcome.Duplicate;
import io.mlog.core.producer.SequenceOutcome.Refuse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Producers with five requests in flight over a network that delays, reorders, repeats and loses
 * answers, against a broker that restarts. Every record must end in the log once, in order.
 */
class ProducerStatesSimulationTest {
    private static final int STEPS = 20_000;
    private static final int IN_FLIGHT = 5;

    private record Header(
            long producerId,
            short epoch,
            int baseSequence,
            int count,
            long baseOffset,
            long nowMs) {}

    /** Sends batches in order, sends any unanswered one again, and goes on from those answered. */
    private static final class Client {
        final long id;
        final Deque<Header> unanswered = new ArrayDeque<>();
        int nextSequence = Integer.MAX_VALUE - 3_000;
        long sent;

        Client(long id) {
            this.id = id;
        }

        Header next(Random random) {
            int count = random.nextInt(1, 9);
            Header batch = new Header(id, (short) 0, nextSequence, count, -1, -1);
            nextSequence = (int) (((long) nextSequence + count) & Integer.MAX_VALUE);
            sent += count;
            unanswered.addLast(batch);
            return batch;
        }
    }

    private final List<Header> log = new ArrayList<>();
    private final Map<Long, Header> byOffset = new HashMap<>();
    private long logEndOffset;
    private ProducerStates states = states();
    private byte[] snapshot = states.snapshot();
    private int snapshotLogSize;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyRecordIsAppendedOnceAndInOrderWhateverIsRepeatedOrRestarted(long seed) {
        Random random = new Random(seed);
        List<Client> clients = List.of(new Client(1), new Client(2), new Client(Long.MAX_VALUE));
        for (int step = 0; step < STEPS; step++) {
            Client client = clients.get(random.nextInt(clients.size()));
            boolean mayGoOn = client.unanswered.size() < IN_FLIGHT;
            if (mayGoOn && random.nextInt(3) != 0) {
                client.next(random);
            }
            if (!client.unanswered.isEmpty()) {
                List<Header> candidates = List.copyOf(client.unanswered);
                arrives(client, candidates.get(random.nextInt(candidates.size())), step, random);
            }
            if (random.nextInt(200) == 0) {
                snapshot = states.snapshot();
                snapshotLogSize = log.size();
            }
            if (random.nextInt(300) == 0) {
                restart();
            }
        }
        for (Client client : clients) {
            while (!client.unanswered.isEmpty()) {
                arrives(client, client.unanswered.getFirst(), STEPS, random);
            }
            appendedInOrder(client);
        }
    }

    private void arrives(Client client, Header batch, int step, Random random) {
        SequenceOutcome outcome =
                states.check(batch.producerId, batch.epoch, batch.baseSequence, batch.count, step);
        boolean answerArrives = random.nextInt(4) != 0;
        switch (outcome) {
            case Accept() -> {
                append(batch, step);
                answered(client, batch, answerArrives);
            }
            case Duplicate(long baseOffset, long lastOffset) -> {
                sameBatch(Objects.requireNonNull(byOffset.get(baseOffset)), batch, lastOffset);
                answered(client, batch, answerArrives);
            }
            case Refuse refused -> assertThat(batch).isNotEqualTo(client.unanswered.getFirst());
        }
    }

    /**
     * A client counts a batch as done only after those before it, so never more than five differ.
     */
    private static void answered(Client client, Header batch, boolean answerArrives) {
        if (answerArrives && client.unanswered.getFirst().equals(batch)) {
            client.unanswered.removeFirst();
        }
    }

    private void append(Header batch, long nowMs) {
        Header header =
                new Header(
                        batch.producerId,
                        batch.epoch,
                        batch.baseSequence,
                        batch.count,
                        logEndOffset,
                        nowMs);
        log.add(header);
        byOffset.put(logEndOffset, header);
        logEndOffset += batch.count;
        replay(header);
    }

    private void replay(Header h) {
        states.appended(h.producerId, h.epoch, h.baseSequence, h.count, h.baseOffset, h.nowMs);
    }

    /** From the snapshot and the batches behind it, and from all batches, it is the same state. */
    private void restart() {
        byte[] before = states.snapshot();
        states = states();
        log.forEach(this::replay);
        assertThat(states.snapshot()).isEqualTo(before);

        states = states();
        states.restore(ByteBuffer.wrap(snapshot));
        log.subList(snapshotLogSize, log.size()).forEach(this::replay);
        assertThat(states.snapshot()).isEqualTo(before);
    }

    private void appendedInOrder(Client client) {
        Map<Integer, Long> seen = new HashMap<>();
        int expected = Integer.MAX_VALUE - 3_000;
        long records = 0;
        for (Header h : log) {
            if (h.producerId == client.id) {
                assertThat(h.baseSequence).isEqualTo(expected);
                assertThat(seen.put(h.baseSequence, h.baseOffset)).isNull();
                expected = (int) (((long) expected + h.count) & Integer.MAX_VALUE);
                records += h.count;
            }
        }
        assertThat(records).isEqualTo(client.sent);
    }

    private static void sameBatch(Header appended, Header batch, long lastOffset) {
        assertThat(appended.producerId).isEqualTo(batch.producerId);
        assertThat(appended.baseSequence).isEqualTo(batch.baseSequence);
        assertThat(appended.baseOffset + appended.count - 1).isEqualTo(lastOffset);
    }

    private static ProducerStates states() {
        return new ProducerStates(10, 1_000_000);
    }
}
