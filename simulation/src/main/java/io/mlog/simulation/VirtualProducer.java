package io.mlog.simulation;

import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer with acks=all that sends a few batches ahead and, when anything goes
 * wrong, sends all that are not acknowledged again, in order, over a new connection.
 */
final class VirtualProducer {
    private static final int AHEAD = 4;
    private static final long TIMEOUT_MICROS = 1_300_000;
    private static final int SERVER_TIMEOUT_MS = 1000;

    /** After which an answer is more than late. */
    private static final long PATIENCE_MICROS = 1_200_000;

    private final Clients clients;
    private final int partition;
    private final long producerId;
    private final String name;
    private final ArrayDeque<Sent> unanswered = new ArrayDeque<>();
    private @Nullable Connection connection;
    private boolean pausing;

    /**
     * Whether the cluster has acknowledged one: until then the broker may take the second for the
     * first, since a producer that it does not know may begin anywhere (R11).
     */
    private boolean known;

    private int nextSequence;

    /** A batch, as it was first built. */
    private record Sent(int sequence, ByteBuffer batch) {}

    VirtualProducer(Clients clients, int partition, long producerId) {
        this.clients = clients;
        this.partition = partition;
        this.producerId = producerId;
        this.name = "producer " + producerId;
    }

    void begin() {
        clients.after(1 + clients.random().nextInt(200_000), name, this::produce);
    }

    /** Whether everything it sent was acknowledged. */
    boolean isDone() {
        return unanswered.isEmpty();
    }

    private void produce() {
        if (!clients.writing()) {
            return;
        }
        if (unanswered.size() < (known ? AHEAD : 1)) {
            int count = 1 + clients.random().nextInt(3);
            Sent next = new Sent(nextSequence, Batches.of(producerId, nextSequence, count));
            nextSequence += count;
            unanswered.add(next);
            if (!pausing) {
                send(connected(), next);
            }
        }
        begin();
    }

    private Connection connected() {
        Connection present = connection;
        if (present == null) {
            SimulatedBroker leader = clients.leaderOf(partition);
            Connection[] made = new Connection[1];
            made[0] =
                    clients.machines()
                            .network()
                            .connect(Network.CLIENTS, leader, () -> failed(made[0]));
            present = made[0];
            connection = present;
        }
        return present;
    }

    private void send(Connection line, Sent sent) {
        line.request(name + " sends", life -> append(life, line, sent));
        clients.after(
                TIMEOUT_MICROS,
                name + " loses patience",
                () -> {
                    if (unanswered.contains(sent)) {
                        failed(line);
                    }
                });
    }

    /** Runs at the broker. */
    private void append(BrokerLife life, Connection line, Sent sent) {
        ByteBuffer batch = Batches.copy(sent.batch);
        boolean[] isAnswered = {false};
        life.lifetime()
                .afterMicros(
                        PATIENCE_MICROS,
                        "answer due",
                        () -> {
                            if (!isAnswered[0]) {
                                throw new Violation(
                                        "%s has not answered %s in time: asked to within %d ms"
                                                .formatted(life.name(), name, SERVER_TIMEOUT_MS));
                            }
                        });
        life.records()
                .produce(
                        new ProduceCommand(
                                Acks.ALL,
                                SERVER_TIMEOUT_MS,
                                List.of(
                                        new ProduceCommand.PartitionBatches(
                                                clients.machines().settings().partition(partition),
                                                batch,
                                                1))),
                        results -> {
                            isAnswered[0] = true;
                            answer(line, sent, results.getFirst());
                        });
    }

    private void answer(Connection line, Sent sent, PartitionProduced result) {
        if (result.error() == ErrorCode.NONE) {
            clients.promises()
                    .ledger(partition)
                    .acknowledged(
                            result.baseOffset(), result.lastOffset(), producerId, sent.sequence);
        }
        line.reply(name + " hears", () -> answered(line, sent, result));
    }

    private void answered(Connection line, Sent sent, PartitionProduced result) {
        if (result.error() == ErrorCode.NONE) {
            clients.counts().one(Counts.Kind.BATCHES_ACKNOWLEDGED);
            known = true;
            unanswered.remove(sent);
        } else if (line == connection) {
            clients.counts().one(Counts.Kind.BATCHES_REFUSED);
            clients.machines().scheduler().trace().note(() -> name + ": " + result);
            failed(line);
        }
    }

    private void failed(Connection line) {
        if (line != connection) {
            return;
        }
        line.close();
        connection = null;
        pausing = true;
        clients.after(
                5_000 + clients.random().nextInt(150_000),
                name + " tries again",
                () -> {
                    pausing = false;
                    Connection again = connected();
                    List.copyOf(unanswered).forEach(each -> send(again, each));
                });
    }
}
