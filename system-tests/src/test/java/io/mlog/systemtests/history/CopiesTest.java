package io.mlog.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that differ in each way that must be found, and in those that do not matter. */
class CopiesTest {
    @TempDir private Path folder;
    private final Map<String, Path> copies = new TreeMap<>();

    /** Three copies of offsets 0 to 9 in batches of 5, 3 and 2. */
    @BeforeEach
    void write() throws IOException {
        for (String node : new String[] {"node-1", "node-2", "node-3"}) {
            copies.put(node, Files.createDirectories(folder.resolve(node).resolve("orders-0")));
            append(node, 0, batch(0, 5, 1), batch(5, 3, 1), batch(8, 2, 2));
        }
    }

    @Test
    void equalCopiesPass() throws IOException {
        assertThat(Copies.compare(copies, 10)).isEmpty();
    }

    @Test
    void whereFilesBeginDoesNotMatter() throws IOException {
        Files.delete(file("node-2", 0));
        append("node-2", 0, batch(0, 5, 1));
        append("node-2", 5, batch(5, 3, 1), batch(8, 2, 2));
        assertThat(Copies.compare(copies, 10)).isEmpty();
    }

    @Test
    void whatIsAboveTheHighWatermarkDoesNotMatter() throws IOException {
        append("node-2", 0, batch(10, 4, 2));
        append("node-3", 0, batch(10, 1, 3), new byte[] {1, 2, 3});
        assertThat(Copies.compare(copies, 10)).isEmpty();
    }

    @Test
    void eachDifferentByteIsFound() throws IOException {
        byte[] good = Files.readAllBytes(file("node-2", 0));
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file("node-2", 0), bad);
            assertThat(Copies.compare(copies, 10)).as("byte %d", i).isNotEmpty();
        }
    }

    @Test
    void anotherLeaderEpochIsFound() throws IOException {
        Files.delete(file("node-3", 0));
        append("node-3", 0, batch(0, 5, 1), batch(5, 3, 1), batch(8, 2, 1));
        assertThat(Copies.compare(copies, 10))
                .singleElement()
                .asString()
                .isEqualTo(
                        "COPIES_DIFFER: orders-0 of node-1 and of node-3: the batches at offset 8 (63 bytes) and 8 (63 bytes) differ from byte 15 on");
    }

    @Test
    void aCopyThatIsTooShortIsFound() throws IOException {
        Files.delete(file("node-1", 0));
        append("node-1", 0, batch(0, 5, 1), batch(5, 3, 1));
        assertThat(Copies.compare(copies, 10))
                .extracting(Violation::text)
                .containsExactly(
                        "orders-0 of node-1 and of node-2: the first ends at offset 8, below the high watermark 10",
                        "orders-0 of node-1 and of node-3: the first ends at offset 8, below the high watermark 10");
    }

    @Test
    void copiesThatLackTheSameBatchAreFound() throws IOException {
        for (String node : copies.keySet()) {
            Files.delete(file(node, 0));
            append(node, 0, batch(0, 5, 1), batch(8, 2, 2));
        }
        assertThat(Copies.compare(copies, 10))
                .hasSize(2)
                .allSatisfy(found ->
                        assertThat(found.text()).endsWith("the batch behind offset 5 begins at 8"));
    }

    @Test
    void copiesThatAllEndTooEarlyAreFound() throws IOException {
        assertThat(Copies.compare(copies, 11))
                .hasSize(2)
                .allSatisfy(found ->
                        assertThat(found.text())
                                .endsWith("both end at offset 10, below the high watermark 11"));
    }

    private Path file(String node, long base) {
        return folder.resolve(node).resolve("orders-0").resolve("%020d.log".formatted(base));
    }

    private void append(String node, long base, byte[]... batches) throws IOException {
        for (byte[] batch : batches) {
            Files.write(
                    file(node, base), batch, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** A batch as far as anybody looks here: without a true checksum or records. */
    private static byte[] batch(long base, int records, int epoch) {
        ByteBuffer batch = ByteBuffer.allocate(61 + records);
        batch.putLong(0, base);
        batch.putInt(8, batch.capacity() - 12);
        batch.putInt(12, epoch);
        batch.put(16, (byte) 2);
        batch.putInt(23, records - 1);
        return batch.array();
    }
}
