package io.mlog.systemtests.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running process whose output is captured, bounded. Closing it kills it and what it started, and
 * waits for that; a test therefore leaves no process behind.
 */
public final class Child implements AutoCloseable {
    private final Launch launch;
    private final Process process;
    private final BoundedLog out = new BoundedLog();
    private final BoundedLog err = new BoundedLog();

    private Child(Launch launch, Process process, Consumer<String> errLines) {
        this.launch = launch;
        this.process = process;
        pump(process.getErrorStream(), err, errLines);
        if (launch.stdout().isEmpty()) {
            pump(process.getInputStream(), out, _ -> {});
        } else {
            out.end();
        }
    }

    /** Starts it; stdin is the launch's file, or open for {@link #stdin()}. */
    public static Child start(Launch launch) throws IOException {
        return start(launch, _ -> {});
    }

    /** Starts it and hands over each line of stderr, too, on a thread of its own. */
    public static Child start(Launch launch, Consumer<String> errLines) throws IOException {
        return new Child(launch, launch.builder().start(), errLines);
    }

    private static void pump(InputStream from, BoundedLog to, Consumer<String> lines) {
        Thread.ofPlatform()
                .daemon()
                .name("output-pump")
                .start(() -> {
                    try (var reader =
                            new BufferedReader(
                                    new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine();
                                line != null;
                                line = reader.readLine()) {
                            to.add(line);
                            lines.accept(line);
                        }
                    } catch (IOException e) {
                        to.add("(output ended: " + e.getMessage() + ")");
                    } finally {
                        to.end();
                    }
                });
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Where the process reads from when the launch named no file. Closing it is its ^D. */
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    public BoundedLog out() {
        return out;
    }

    public BoundedLog err() {
        return err;
    }

    /** Everything captured, for messages of failed tests. */
    public String output() {
        return out.text() + err.text();
    }

    /** Sends a signal by its name without SIG, for example {@code INT}. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        kill.waitFor();
    }

    /**
     * Waits for the end of the process and of its output.
     *
     * @return its exit code
     * @throws AssertionError when it lives longer than {@code limit}; it is killed then
     */
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            String said = output();
            close();
            throw new AssertionError(
                    String.join(" ", launch.command())
                            + " did not end within "
                            + limit
                            + "; its output:\n"
                            + said);
        }
        out.awaitEnd(Duration.ofSeconds(10));
        err.awaitEnd(Duration.ofSeconds(10));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            if (!isBrokenPipe(e)) {
                throw new UncheckedIOException(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A dead process cannot take what was still buffered for it; that is no failure of closing. */
    private static boolean isBrokenPipe(IOException e) {
        String message = e.getMessage();
        return message != null && (message.contains("Broken pipe") || message.contains("Stream"));
    }
}
