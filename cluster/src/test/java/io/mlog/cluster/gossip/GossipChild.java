package io.mlog.cluster.gossip;

import io.mlog.model.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, which can be killed and paused. */
final class GossipChild implements AutoCloseable {
    private final Process process;

    private GossipChild(Process process) {
        this.process = process;
    }

    /** The child's side: joins, and waits for the end of its input. */
    public static void main(String[] arguments) throws Exception {
        try (Gossiper node =
                Gossiper.of(arguments[0]).peers(HostPort.parse(arguments[1])).start()) {
            node.membership.joined().get(60, TimeUnit.SECONDS);
            var _ = System.in.read();
        }
    }

    static GossipChild start(String node, Gossiper peer) throws IOException {
        return new GossipChild(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GossipChild.class.getName(),
                                node,
                                peer.address().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void pause() throws Exception {
        signal("STOP");
    }

    void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(kill.getInputStream(), StandardCharsets.UTF_8))) {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -%s failed: %s".formatted(name, said.readLine()));
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
