package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * All rows at once on one scene: the rows of a client one after the other on a thread of its own,
 * the clients side by side, because most of what a row takes is waiting. Each row is a test.
 */
final class MatrixRun implements AutoCloseable {
    private static final int MOST_CHARACTERS_OF_A_FAILURE = 2_000;
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final Map<Row, CompletableFuture<Void>> ends = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Duration rowLimit;

    private MatrixRun(Duration rowLimit) {
        this.rowLimit = rowLimit;
    }

    /**
     * Starts them.
     *
     * @param rowLimit how long a test waits for the end of its row
     */
    static MatrixRun start(Scene scene, List<Row> rows, Duration rowLimit) {
        MatrixRun run = new MatrixRun(rowLimit);
        Map<Client, List<Row>> byClient = new EnumMap<>(Client.class);
        for (Row row : rows) {
            run.ends.put(row, new CompletableFuture<>());
            byClient.computeIfAbsent(row.client(), _ -> new ArrayList<>()).add(row);
        }
        byClient.forEach((client, its) ->
                run.threads.add(
                        Thread.ofPlatform()
                                .daemon()
                                .name("rows of " + client.title())
                                .start(() -> its.forEach(row -> run.play(scene, row)))));
        return run;
    }

    private void play(Scene scene, Row row) {
        CompletableFuture<Void> end = end(row);
        try {
            row.client().requireOrSkip();
            row.check().run(scene.stage(row.name()));
            end.complete(null);
        } catch (Throwable e) { // Failed assertions, too: the test of the row throws it again.
            end.completeExceptionally(e);
        }
    }

    /** A test for each row, which waits for its end. */
    Stream<DynamicTest> tests() {
        return ends.keySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> await(row)));
    }

    /** Whether every row has ended. */
    boolean isOver() {
        return ends.values().stream().allMatch(CompletableFuture::isDone);
    }

    /** Waits until so many more rows have ended, or all. */
    void awaitEnds(int count) {
        long enough = ended() + count;
        Await.until(rowLimit, count + " more rows have ended", () -> isOver() || ended() >= enough);
    }

    private long ended() {
        return ends.values().stream().filter(CompletableFuture::isDone).count();
    }

    /** Waits for every row; what failed, and how that begins. Rows that were skipped have not. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (Row row : ends.keySet()) {
            try {
                await(row);
            } catch (Throwable e) {
                if (!(e instanceof TestAbortedException)) { // a tool that need not be there
                    failures.add(row + ": " + begin(e));
                }
            }
        }
        return failures;
    }

    private static String begin(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        String whole = text.toString();
        return whole.substring(0, Math.min(whole.length(), MOST_CHARACTERS_OF_A_FAILURE));
    }

    private void await(Row row) throws Throwable {
        try {
            end(row).get(rowLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError(row + " did not end within " + rowLimit + where(row), e);
        }
    }

    /** Where the thread of the row's client is. */
    private String where(Row row) {
        StringBuilder text = new StringBuilder();
        for (Thread thread : threads) {
            if (thread.getName().endsWith(row.client().title())) {
                for (StackTraceElement element : thread.getStackTrace()) {
                    text.append("\n    at ").append(element);
                }
            }
        }
        return text.toString();
    }

    private CompletableFuture<Void> end(Row row) {
        CompletableFuture<Void> end = ends.get(row);
        if (end == null) {
            throw new IllegalArgumentException("not a row of this run: " + row);
        }
        return end;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(END_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
