package io.mlog.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker process under measurement, with what the operating system accounts to it. */
final class RunningBroker implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, 100 on every Linux we know of

    private final Process process;
    private final int port;
    private final double startSeconds;

    private RunningBroker(Process process, int port, double startSeconds) {
        this.process = process;
        this.port = port;
        this.startSeconds = startSeconds;
    }

    /** Starts {@code candidate} on free ports and waits until it answers a metadata request. */
    static RunningBroker start(Candidate candidate, Path directory)
            throws IOException, InterruptedException {
        int port = freePort();
        var command = candidate.prepare(directory, port, freePort());
        long begun = System.nanoTime();
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("broker.log").toFile())
                        .start();
        try {
            awaitPort(process, port);
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new RunningBroker(process, port, seconds);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw new IOException(
                    candidate.name()
                            + " did not start: "
                            + Files.readString(directory.resolve("broker.log")),
                    e);
        }
    }

    /**
     * Asks on a raw socket for the API versions, as every client does first, until that is
     * answered.
     */
    private static void awaitPort(Process process, int port)
            throws IOException, InterruptedException {
        byte[] apiVersions = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0, 0};
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < giveUp && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                socket.setSoTimeout(5000);
                socket.getOutputStream().write(apiVersions);
                if (socket.getInputStream().read() >= 0) {
                    return;
                }
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        throw new IOException("nothing answers on port " + port);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** From the start of the process to its first answer. */
    double startSeconds() {
        return startSeconds;
    }

    void createTopic(String name) throws InterruptedException {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", address()))) {
            admin.createTopics(java.util.List.of(new NewTopic(name, 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "topic " + name + " could not be created", e.getCause());
        }
    }

    /** User and system time of the process since its start, in seconds. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Resident memory, in MiB. */
    long rssMiB() throws IOException {
        for (String line :
                Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no VmRSS of process " + process.pid());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
