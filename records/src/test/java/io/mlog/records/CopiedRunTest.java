package io.mlog.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** R6: what a follower takes of an answer. */
class CopiedRunTest {
    /** Three batches of two records, offsets 10 to 15, of leader epochs 3, 3 and 5. */
    private static ByteBuffer three() {
        ByteBuffer all = ByteBuffer.allocate(1000);
        int[] epochs = {3, 3, 5};
        for (int i = 0; i < 3; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(100, 1000);
            builder.reset(Codec.NONE);
            for (int j = 0; j < 2; j++) {
                builder.appendValue(1, "value".getBytes(StandardCharsets.UTF_8), 0, 5);
            }
            ByteBuffer batch = builder.build();
            int at = all.position();
            all.put(batch);
            BatchHeader.assign(all, at, 10 + 2 * i, epochs[i]);
        }
        return all.flip();
    }

    private static int size() {
        return three().limit() / 3;
    }

    private static CopiedRun check(Consumer<ByteBuffer> change) {
        ByteBuffer batches = three();
        change.accept(batches);
        return CopiedRun.check(batches, 10, 3, 5);
    }

    @Test
    void takesAllThatContinuesTheLog() {
        assertThat(check(batches -> {})).isEqualTo(new CopiedRun(3 * size(), ""));
        assertThat(CopiedRun.check(three(), 10, -1, 9).end()).isEqualTo(3 * size());
        assertThat(CopiedRun.check(ByteBuffer.allocate(0), 10, 3, 5))
                .isEqualTo(new CopiedRun(0, ""));
    }

    @Test
    void looksFromThePositionOn() {
        assertThat(CopiedRun.check(three().position(size()), 12, 3, 5))
                .isEqualTo(new CopiedRun(3 * size(), ""));
    }

    @Test
    void aBatchCutShortByTheEndIsLeftForTheNextAnswer() {
        for (int cut = 1; cut < size(); cut++) {
            int limit = 3 * size() - cut;
            assertThat(check(batches -> batches.limit(limit)))
                    .isEqualTo(new CopiedRun(2 * size(), ""));
        }
    }

    @Test
    void anAnswerWithoutOneWholeBatchIsRefused() {
        CopiedRun run = check(batches -> batches.limit(size() - 1));

        assertThat(run.end()).isZero();
        assertThat(run.problem()).contains("offset 10", "cut short");
    }

    @Test
    void aBadChecksumEndsTheRun() {
        CopiedRun run = check(batches -> batches.put(2 * size() - 1, (byte) 99));

        assertThat(run.end()).isEqualTo(size());
        assertThat(run.problem()).contains("offset 12", "checksum");
    }

    @Test
    void anOffsetBelowTheLogEndOrBeyondItEndsTheRun() {
        for (long base : new long[] {11, 13}) {
            CopiedRun run = check(batches -> BatchHeader.assign(batches, size(), base, 3));

            assertThat(run.end()).isEqualTo(size());
            assertThat(run.problem()).contains("offset " + base, "offset 12");
        }
        assertThat(CopiedRun.check(three(), 9, 3, 5).isRefused()).isTrue();
        assertThat(CopiedRun.check(three(), 12, 3, 5).isRefused()).isTrue();
    }

    @Test
    void aLeaderEpochAboveTheAskedOneEndsTheRun() {
        CopiedRun run = CopiedRun.check(three(), 10, 3, 4);

        assertThat(run.end()).isEqualTo(2 * size());
        assertThat(run.problem()).contains("leader epoch 5", "from 3 to 4");
    }

    @Test
    void aLeaderEpochBelowTheLatestEndsTheRun() {
        assertThat(CopiedRun.check(three(), 10, 4, 5).end()).isZero();
        assertThat(check(batches -> BatchHeader.assign(batches, 2 * size(), 14, 2)).end())
                .isEqualTo(2 * size());
    }

    @Test
    void tellsWhereABatchBeginsThatHoldsMoreThanTheLogIsToHave() {
        assertThat(CopiedRun.beginsBelow(three(), 11)).hasValue(10);
        assertThat(CopiedRun.beginsBelow(three(), 10)).isEmpty();
        assertThat(CopiedRun.beginsBelow(three(), 12)).isEmpty();
        assertThat(CopiedRun.beginsBelow(three().limit(size() - 1), 11)).isEmpty();
        assertThat(CopiedRun.beginsBelow(three().put(size() - 1, (byte) 99), 11)).isEmpty();
        assertThat(CopiedRun.beginsBelow(ByteBuffer.allocate(0), 11)).isEmpty();
    }

    /** The leader has compacted what the follower has in part. */
    @Test
    void aGapThatBeginsEarlierIsMadeToBeginWhereTheLogEnds() {
        ByteBuffer batches = ByteBuffer.allocate(BatchHeader.SIZE + three().limit());
        GapBatch.put(batches, 0, 2, 8, 3);
        batches.position(BatchHeader.SIZE).put(three()).flip();
        CopiedRun run = CopiedRun.check(batches, 7, 3, 5);
        assertThat(run).isEqualTo(new CopiedRun(batches.limit(), ""));
        assertThat(BatchHeader.baseOffset(batches, 0)).isEqualTo(7);
        assertThat(BatchHeader.lastOffset(batches, 0)).isEqualTo(9);
        assertThat(BatchCheck.whole(batches, 0).isWhole()).isTrue();
    }

    @Test
    void aBatchWithRecordsThatBeginsEarlierIsRefused() {
        assertThat(CopiedRun.check(three(), 11, 3, 5).isRefused()).isTrue();
    }
}
