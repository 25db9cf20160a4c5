package io.mlog.systemtests.harness;

import java.nio.file.Path;
import java.time.Duration;

/** {@code bin/producer} and {@code bin/consumer}. */
public record MlogSpeaker() implements Speaker {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Override
    public void requireOrSkip() {}

    @Override
    public void write(String address, String topic, Path text) throws Exception {
        Commands.run(
                        LIMIT,
                        Launch.bin(
                                        "producer",
                                        "connect",
                                        "--addrs",
                                        address,
                                        "--topic",
                                        topic,
                                        "--acks",
                                        "all")
                                .from(text))
                .ok();
    }

    @Override
    public void read(String address, String topic, int count, Path into) throws Exception {
        Commands.run(
                        LIMIT,
                        Launch.bin(
                                        "consumer",
                                        "connect",
                                        "--addrs",
                                        address,
                                        "--topic",
                                        topic,
                                        "--id",
                                        "reader-of-" + topic,
                                        "--from-beginning",
                                        "--max",
                                        Integer.toString(count))
                                .to(into))
                .ok();
    }

    @Override
    public String toString() {
        return "mlog";
    }
}
