package io.mlog.broker.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.protocol.Bytes;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.GapBatch;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What compaction leaves is read by the JSON RPC, too. */
class RecordsFoundTest {
    private record Slice(byte[] bytes) implements RecordsSlice {
        @Override
        public int sizeBytes() {
            return bytes.length;
        }

        @Override
        public @Nullable FileChannel fileChannel() {
            return null;
        }

        @Override
        public long filePosition() {
            return 0;
        }

        @Override
        public void read(int from, ByteBuffer target) {
            target.put(bytes, from, Math.min(target.remaining(), bytes.length - from));
        }

        @Override
        public void load() {}

        @Override
        public void release() {}
    }

    private static ByteBuffer gap(long base, int offsets) {
        ByteBuffer gap = ByteBuffer.allocate(BatchHeader.SIZE);
        GapBatch.put(gap, 0, base, offsets, 1);
        return gap;
    }

    private static ByteBuffer batch(long base, String value) {
        RecordBatchBuilder builder = new RecordBatchBuilder(100, 1000);
        builder.reset(Codec.NONE);
        byte[] bytes = value.getBytes(UTF_8);
        builder.appendValue(1, bytes, 0, bytes.length);
        ByteBuffer batch = builder.build();
        BatchHeader.assign(batch, 0, base, 1);
        return batch;
    }

    private static RecordsFound found(long offset, ByteBuffer... batches) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        for (ByteBuffer each : batches) {
            all.put(each);
        }
        byte[] bytes = new byte[all.flip().remaining()];
        all.get(bytes);
        RecordsFound.Search search =
                new RecordsFound.Search(
                        new Slice(bytes), new RecordsFound.Wanted(offset, 10, 10_000));
        assertThat(search.goOn(true)).isTrue();
        return search.found();
    }

    @Test
    void anOffsetInAGapLeadsToTheRecordBehindIt() throws IOException {
        RecordsFound found = found(3, gap(0, 10), batch(10, "a"), gap(11, 4), batch(15, "b"));
        assertThat(found.entries()).hasSize(2);
        assertThat(found.entries().getFirst().offset()).isEqualTo(10);
        assertThat(found.entries().getLast().value()).isEqualTo(Bytes.utf8("b"));
        assertThat(found.nextOffset()).isEqualTo(16);
    }

    @Test
    void whatIsAllGapSaysWhereToGoOn() throws IOException {
        RecordsFound found = found(3, gap(0, 10));
        assertThat(found.entries()).isEmpty();
        assertThat(found.nextOffset()).isEqualTo(10);
    }
}
