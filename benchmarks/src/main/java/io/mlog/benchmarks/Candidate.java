package io.mlog.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker that takes part in the comparison: how it is prepared and started. */
sealed interface Candidate {
    /** Its row's name in the table. */
    String name();

    /** Prepares an empty data directory and answers the command that starts a broker on it. */
    List<String> prepare(Path directory, int port, int otherPort)
            throws IOException, InterruptedException;

    /** mlog from this checkout. */
    record Mlog(String name, Path checkout, String flush) implements Candidate {
        @Override
        public List<String> prepare(Path directory, int port, int otherPort) {
            return List.of(
                    checkout.resolve("bin/server").toString(),
                    "--rpc-port=" + port,
                    "--bind-addr=127.0.0.1:0",
                    "--raft-addr=127.0.0.1:" + otherPort,
                    "--data-dir=" + directory.resolve("data"),
                    "--flush=" + flush);
        }
    }

    /** Apache Kafka in KRaft mode with its defaults, one process as broker and controller. */
    record Kafka(String name, Path java, Path brokerJars, List<String> extraSettings)
            implements Candidate {
        @Override
        public List<String> prepare(Path directory, int port, int otherPort)
                throws IOException, InterruptedException {
            List<String> lines =
                    new ArrayList<>(
                            List.of(
                                    "process.roles=broker,controller",
                                    "node.id=1",
                                    "controller.quorum.voters=1@127.0.0.1:" + otherPort,
                                    "listeners=PLAINTEXT://127.0.0.1:"
                                            + port
                                            + ",CONTROLLER://127.0.0.1:"
                                            + otherPort,
                                    "controller.listener.names=CONTROLLER",
                                    "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                                    "log.dirs=" + directory.resolve("data"),
                                    "offsets.topic.replication.factor=1"));
            lines.addAll(extraSettings);
            Path settings = Files.write(directory.resolve("server.properties"), lines);
            run(
                    java(
                            "kafka.tools.StorageTool",
                            "format",
                            "-t",
                            "AAAAAAAAAAAAAAAAAAAAAQ",
                            "-c",
                            settings));
            return java("kafka.Kafka", settings);
        }

        private List<String> java(Object... arguments) {
            List<String> command =
                    new ArrayList<>(List.of(java.toString(), "-Xmx1g", "-cp", brokerJars + "/*"));
            for (Object argument : arguments) {
                command.add(argument.toString());
            }
            return command;
        }

        private static void run(List<String> command) throws IOException, InterruptedException {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (process.waitFor() != 0) {
                throw new IOException(command + " ended with " + process.exitValue());
            }
        }
    }
}
