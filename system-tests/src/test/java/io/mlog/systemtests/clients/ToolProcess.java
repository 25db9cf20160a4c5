package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One process in which Kafka's command line tools run one after the other, since a JVM for each
 * would take most of the time; started with the first. Any thread; a run waits for the one before.
 */
final class ToolProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(100);
    private static final String RUNNER = "io.mlog.systemtests.programs.ToolRunner";

    private final Path folder;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private int runs;
    private volatile @Nullable Child child;

    /** Not started; keeps what the tools read and write in this folder. */
    ToolProcess(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs a tool.
     *
     * @param mainClass its class
     * @param stdin what it reads
     */
    Ran run(String mainClass, String stdin, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addFirst(mainClass);
        oneAtATime.lockInterruptibly();
        try {
            return run(String.valueOf(++runs), words, stdin);
        } finally {
            oneAtATime.unlock();
        }
    }

    private Ran run(String name, List<String> words, String stdin)
            throws IOException, InterruptedException {
        Child process = child;
        if (process == null) {
            process = Child.start(KafkaPrograms.java(RUNNER, folder.toString()));
            child = process;
        }
        Files.write(folder.resolve(name + ".args"), words);
        Files.writeString(folder.resolve(name + ".in"), stdin);
        long began = System.nanoTime();
        process.stdin().write((name + "\n").getBytes(StandardCharsets.UTF_8));
        process.stdin().flush();
        String command = String.join(" ", words);
        String answer =
                process.out()
                        .awaitLine(
                                LIMIT,
                                "the end of " + command,
                                line -> line.startsWith(name + " "));
        return new Ran(
                command,
                Integer.parseInt(answer.substring(name.length() + 1)),
                Files.readString(folder.resolve(name + ".out")),
                Files.readString(folder.resolve(name + ".err")),
                Duration.ofNanos(System.nanoTime() - began));
    }

    @Override
    public void close() {
        Child process = child;
        if (process != null) {
            process.close();
        }
    }
}
