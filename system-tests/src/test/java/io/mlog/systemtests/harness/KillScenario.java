package io.mlog.systemtests.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Two clients write at acks=all while the broker is killed with -9 again and again, each time in
 * the middle; then everything acknowledged must be there, once and in order. The clients are never
 * told: they find the broker again by themselves.
 */
public final class KillScenario {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LEAST_BETWEEN_KILLS = 500;
    private static final int MOST_BETWEEN_KILLS = 20_000;

    private final BrokerProcess broker;
    private final RandomGenerator random;

    /**
     * @param broker a running one
     * @param random decides when to kill
     */
    public KillScenario(BrokerProcess broker, RandomGenerator random) {
        this.broker = broker;
        this.random = random;
    }

    /**
     * Runs it on two topics of its own.
     *
     * @return how long each start after a kill took until ready
     */
    public List<Duration> run(int kills) throws Exception {
        return run(kills, () -> {});
    }

    /** The same; {@code started} is run after each start. */
    public List<Duration> run(int kills, Runnable started) throws Exception {
        List<Duration> starts = new ArrayList<>();
        try (NumberWriter kafka =
                        new NumberWriter("kafka", new KafkaSink(broker.address(), "by-kafka"));
                NumberWriter mlog =
                        new NumberWriter("mlog", new MlogSink(broker.address(), "by-mlog"))) {
            for (int i = 0; i < kills; i++) {
                letBothWrite(kafka, mlog);
                broker.kill9();
                starts.add(broker.start());
                started.run();
            }
            letBothWrite(kafka, mlog);
            long both = kafka.finish() + mlog.finish();
            kafka.checkAgainst(KafkaClients.readAll(broker.address(), "by-kafka"));
            mlog.checkAgainst(KafkaClients.readAll(broker.address(), "by-mlog"));
            System.out.printf(
                    "%d kills, %,d acknowledged records, none lost or twice; ready again after %s%n",
                    kills, both, starts);
        }
        return starts;
    }

    private void letBothWrite(NumberWriter kafka, NumberWriter mlog) {
        long kafkaWanted = kafka.acknowledgedCount() + more();
        long mlogWanted = mlog.acknowledgedCount() + more();
        kafka.awaitAcknowledged(LIMIT, kafkaWanted);
        mlog.awaitAcknowledged(LIMIT, mlogWanted);
    }

    private int more() {
        return random.nextInt(LEAST_BETWEEN_KILLS, MOST_BETWEEN_KILLS);
    }
}
