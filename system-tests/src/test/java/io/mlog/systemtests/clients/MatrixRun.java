package io.mlog.systemtests.clients;

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

/**
 * All rows at once on one scene: the rows of a client one after the other on a thread of its own,
 * the clients side by side, because most of what a row takes is waiting. Each row is a test.
 */
final class MatrixRun implements AutoCloseable {
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
