package io.mlog.systemtests.harness;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code kcat}, a command of librdkafka. It skips empty lines, and checks no checksums unless told
 * to.
 *
 * @param codec what it compresses with: none, gzip, snappy, lz4 or zstd
 */
public record KcatSpeaker(String codec) implements Speaker {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Override
    public void requireOrSkip() {
        Tools.requireOrSkip("kcat");
    }

    @Override
    public void write(String address, String topic, Path text) throws Exception {
        Commands.run(
                        LIMIT,
                        Launch.of(
                                        "kcat",
                                        "-P",
                                        "-b",
                                        address,
                                        "-t",
                                        topic,
                                        "-p",
                                        "0",
                                        "-z",
                                        codec,
                                        "-X",
                                        "linger.ms=20")
                                .from(text))
                .ok();
    }

    @Override
    public void read(String address, String topic, int count, Path into) throws Exception {
        Commands.run(
                        LIMIT,
                        Launch.of(
                                        "kcat",
                                        "-C",
                                        "-b",
                                        address,
                                        "-t",
                                        topic,
                                        "-p",
                                        "0",
                                        "-o",
                                        "beginning",
                                        "-e",
                                        "-q",
                                        "-c",
                                        Integer.toString(count))
                                .to(into))
                .ok();
    }

    @Override
    public String toString() {
        return "none".equals(codec) ? "kcat" : "kcat with " + codec;
    }
}
