package io.mlog.cli.records;

import io.mlog.client.ConsumedRecord;
import io.mlog.client.ConsumerClient;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes records from a consumer, prints them, and commits behind them: every second and at the end.
 * Nothing is committed that was not printed; what was printed after the last commit is printed
 * again by the next consumer of that id when this one is cut off.
 *
 * <p>Owned by one thread, but for {@link #stop}.
 */
final class PrintLoop {
    private static final long COMMIT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_PER_POLL = 10_000;

    private final ConsumerClient consumer;
    private final RecordPrinter printer;
    private final long most;
    private final LongSupplier clock;
    private long printed;
    private boolean uncommitted;
    private long committedNanos;
    private volatile boolean stopped;

    /**
     * @param most ends after that many records
     */
    PrintLoop(ConsumerClient consumer, RecordPrinter printer, long most, LongSupplier clock) {
        this.consumer = consumer;
        this.printer = printer;
        this.most = most;
        this.clock = clock;
        this.committedNanos = clock.getAsLong();
    }

    /** Prints until there were enough records or {@link #stop} is called. */
    void run() throws IOException {
        try {
            while (!stopped && printed < most) {
                print(next());
                if (uncommitted && untilCommitNanos() <= 0) {
                    commit();
                }
            }
        } catch (MlogException e) {
            // What was printed counts, whatever stopped the reading.
            commit();
            throw e;
        } catch (IOException e) {
            if (isReaderGone(e)) {
                return;
            }
            throw e;
        }
        commit();
    }

    /** Ends {@link #run} soon. Any thread. */
    OptionalInt stop() {
        stopped = true;
        consumer.wakeup();
        return OptionalInt.empty();
    }

    /** Prints at once what waits for more before it waits itself. */
    private List<ConsumedRecord> next() throws IOException {
        int wanted = (int) Math.min(MOST_PER_POLL, most - printed);
        List<ConsumedRecord> ready = consumer.poll(Duration.ZERO, wanted);
        if (!ready.isEmpty() || stopped) {
            return ready;
        }
        printer.flush();
        long patience = uncommitted ? Math.max(0, untilCommitNanos()) : COMMIT_INTERVAL_NANOS;
        return consumer.poll(Duration.ofNanos(patience), wanted);
    }

    private void print(List<ConsumedRecord> records) throws IOException {
        for (ConsumedRecord record : records) {
            printer.print(record);
        }
        printed += records.size();
        uncommitted |= !records.isEmpty();
    }

    private void commit() throws IOException {
        printer.flush();
        if (uncommitted) {
            consumer.commit();
            uncommitted = false;
        }
        committedNanos = clock.getAsLong();
    }

    private long untilCommitNanos() {
        return committedNanos + COMMIT_INTERVAL_NANOS - clock.getAsLong();
    }

    /** Whoever reads our output has enough, like {@code head}: nothing went wrong. */
    private static boolean isReaderGone(IOException error) {
        return String.valueOf(error.getMessage()).contains("Broken pipe");
    }
}
