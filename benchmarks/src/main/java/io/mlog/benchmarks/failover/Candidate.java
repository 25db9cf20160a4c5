package io.mlog.benchmarks.failover;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;

/**
 * A product that takes part: how a node of it is prepared and started, and who leads its metadata.
 */
sealed interface Candidate {
    String name();

    /** Prepares an empty directory for the node and answers the command that starts it there. */
    List<String> prepare(Node node, List<Node> all) throws IOException, InterruptedException;

    /** Number of the node that leads the metadata. */
    int metadataLeader(Admin admin, Node asked) throws IOException, InterruptedException;

    /**
     * A node and its ports on the loopback address.
     *
     * @param id from 1
     * @param clientPort where clients connect
     * @param metadataPort for the metadata quorum
     * @param gossipPort only mlog has one
     */
    record Node(int id, Path directory, int clientPort, int metadataPort, int gossipPort) {
        String address() {
            return "127.0.0.1:" + clientPort;
        }
    }

    /** mlog from this checkout, with its defaults. */
    record Mlog(Path checkout) implements Candidate {
        private static final Pattern LEADER =
                Pattern.compile("\"raftLeaderNodeId\":\\s*\"node-(\\d+)\"");

        @Override
        public String name() {
            return "mlog";
        }

        @Override
        public List<String> prepare(Node node, List<Node> all) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    checkout.resolve("bin/server").toString(),
                                    "--node-id=node-" + node.id(),
                                    "--rpc-port=" + node.clientPort(),
                                    "--raft-addr=127.0.0.1:" + node.metadataPort(),
                                    "--bind-addr=127.0.0.1:" + node.gossipPort(),
                                    "--data-dir=" + node.directory().resolve("data")));
            all.forEach(other -> command.add("--peer=127.0.0.1:" + other.gossipPort()));
            if (node.id() == 1) {
                command.add("--bootstrap");
            }
            return command;
        }

        @Override
        public int metadataLeader(Admin admin, Node asked) throws IOException {
            try (Socket socket = new Socket("127.0.0.1", asked.clientPort())) {
                socket.setSoTimeout(10_000);
                byte[] question =
                        "{\"id\":1,\"type\":\"FindRaftLeader\"}".getBytes(StandardCharsets.UTF_8);
                ByteArrayOutputStream frame = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(frame);
                out.writeInt(question.length);
                out.write(question);
                socket.getOutputStream().write(frame.toByteArray());
                DataInputStream in = new DataInputStream(socket.getInputStream());
                String answer = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                Matcher leader = LEADER.matcher(answer);
                if (!leader.find()) {
                    throw new IOException("nobody leads the metadata: " + answer);
                }
                return Integer.parseInt(leader.group(1));
            }
        }
    }

    /** Apache Kafka in KRaft mode with its defaults, each process broker and controller. */
    record Kafka(Path java, Path brokerJars) implements Candidate {
        @Override
        public String name() {
            return "kafka";
        }

        @Override
        public List<String> prepare(Node node, List<Node> all)
                throws IOException, InterruptedException {
            String voters =
                    String.join(
                            ",",
                            all.stream()
                                    .map(each -> each.id() + "@127.0.0.1:" + each.metadataPort())
                                    .toList());
            Path settings =
                    Files.write(
                            node.directory().resolve("server.properties"),
                            List.of(
                                    "process.roles=broker,controller",
                                    "node.id=" + node.id(),
                                    "controller.quorum.voters=" + voters,
                                    "listeners=PLAINTEXT://%s,CONTROLLER://127.0.0.1:%d"
                                            .formatted(node.address(), node.metadataPort()),
                                    "controller.listener.names=CONTROLLER",
                                    "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                                    "log.dirs=" + node.directory().resolve("data")));
            Process format =
                    new ProcessBuilder(
                                    java(
                                            "kafka.tools.StorageTool",
                                            "format",
                                            "-t",
                                            "AAAAAAAAAAAAAAAAAAAAAQ",
                                            "-c",
                                            settings.toString()))
                            .redirectErrorStream(true)
                            .redirectOutput(node.directory().resolve("format.log").toFile())
                            .start();
            if (format.waitFor() != 0) {
                throw new IOException(
                        "the directory could not be formatted: "
                                + Files.readString(node.directory().resolve("format.log")));
            }
            return java("kafka.Kafka", settings.toString());
        }

        private List<String> java(String... arguments) {
            List<String> command =
                    new ArrayList<>(List.of(java.toString(), "-Xmx1g", "-cp", brokerJars + "/*"));
            command.addAll(List.of(arguments));
            return command;
        }

        @Override
        public int metadataLeader(Admin admin, Node asked)
                throws IOException, InterruptedException {
            try {
                return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
            } catch (ExecutionException e) {
                throw new IOException("nobody tells who leads the metadata", e.getCause());
            }
        }
    }
}
