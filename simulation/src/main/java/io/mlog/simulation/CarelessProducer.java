package io.mlog.simulation;

import io.mlog.model.Acks;
import io.mlog.records.BatchHeader;
import io.mlog.services.ProduceCommand;
import java.util.List;

/**
 * Writes here and there with acks=1 and asks for no more: so logs get tails that nobody promised.
 */
final class CarelessProducer {
    private static final int SERVER_TIMEOUT_MS = 1000;

    private final Clients clients;
    private final int partition;

    CarelessProducer(Clients clients, int partition) {
        this.clients = clients;
        this.partition = partition;
    }

    void begin() {
        clients.after(20_000 + clients.random().nextInt(400_000), "careless", this::produce);
    }

    private void produce() {
        if (!clients.writing()) {
            return;
        }
        Connection line =
                clients.machines()
                        .network()
                        .connect(Network.CLIENTS, clients.leaderOf(partition), () -> {});
        line.request("careless sends", this::append);
        begin();
    }

    private void append(BrokerLife life) {
        life.records()
                .produce(
                        new ProduceCommand(
                                Acks.LEADER,
                                SERVER_TIMEOUT_MS,
                                List.of(
                                        new ProduceCommand.PartitionBatches(
                                                clients.machines().settings().partition(partition),
                                                Batches.of(BatchHeader.NO_PRODUCER_ID, -1, 1),
                                                1))),
                        results -> {});
    }
}
