package io.mlog.systemtests.harness;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * A {@code bin/producer} process at acks=all. It believes a person types, so that it tells the
 * offset of each record; a line's key decides the partition. Acknowledgements of a partition come
 * in the order of its records.
 */
public final class BinProducerSink implements NumberSink {
    private static final Pattern ACKNOWLEDGED =
            Pattern.compile(" {2}partition (\\d+), offset (\\d+)");
    private static final Duration FLUSH_LIMIT = Duration.ofMinutes(3);

    private final Child process;
    private final OutputStream stdin;
    private final List<String> keys = new ArrayList<>();
    private final List<Queue<Outcome>> unacknowledged = new ArrayList<>();

    private BinProducerSink(Launch launch, int partitions) throws IOException {
        for (int partition = 0; partition < partitions; partition++) {
            keys.add(keyOf(partition, partitions) + ":");
            unacknowledged.add(new ConcurrentLinkedQueue<>());
        }
        this.process = Child.start(launch, this::told);
        this.stdin = new BufferedOutputStream(process.stdin(), 1 << 14);
    }

    /** Starts it for a topic of so many partitions; {@code addresses} are separated by commas. */
    public static BinProducerSink start(String addresses, String topic, int partitions)
            throws IOException {
        return new BinProducerSink(
                Launch.bin("producer", "connect", "--addrs", addresses, "--topic", topic)
                        .with("--acks", "all", "--key-separator", ":")
                        .env("MLOG_JVM_OPTS", "-Dmlog.terminal=0"),
                partitions);
    }

    private static String keyOf(int partition, int partitions) {
        for (int i = 0; ; i++) {
            String key = "k" + i;
            byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
            if (BuiltInPartitioner.partitionForKey(bytes, partitions) == partition) {
                return key;
            }
        }
    }

    private void told(String line) {
        Matcher matcher = ACKNOWLEDGED.matcher(line);
        if (matcher.matches()) {
            Outcome oldest = unacknowledged.get(Integer.parseInt(matcher.group(1))).poll();
            if (oldest == null) {
                throw new IllegalStateException("nothing was sent that was acknowledged: " + line);
            }
            oldest.acknowledged(Long.parseLong(matcher.group(2)));
        }
    }

    @Override
    public void send(int partition, byte[] value, Outcome outcome) throws IOException {
        unacknowledged.get(partition).add(outcome);
        stdin.write(keys.get(partition).getBytes(StandardCharsets.US_ASCII));
        stdin.write(value);
        stdin.write('\n');
        stdin.flush();
    }

    /** Ends the input and with it the process, which must have had everything acknowledged. */
    @Override
    public void flush() throws IOException, InterruptedException {
        stdin.close();
        int exit = process.awaitExit(FLUSH_LIMIT);
        if (exit != 0 || unacknowledged.stream().anyMatch(left -> !left.isEmpty())) {
            throw new AssertionError(
                    "bin/producer ended with "
                            + exit
                            + ", unacknowledged are "
                            + unacknowledged.stream().map(Queue::size).toList()
                            + ": "
                            + process.err().text());
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
