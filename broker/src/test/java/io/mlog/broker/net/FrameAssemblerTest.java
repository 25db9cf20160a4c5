package io.mlog.broker.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Leaks.class)
class FrameAssemblerTest {
    private static final int MAX_FRAME = 90 << 20;

    private final FrameBudget budget = new FrameBudget(MAX_FRAME);
    private final FrameAssembler frames =
            new FrameAssembler(ByteBufAllocator.DEFAULT, budget, MAX_FRAME);

    @AfterEach
    void nothingIsHeldAfterClose() {
        frames.close();
        assertThat(budget.heldBytes()).isZero();
    }

    private static ByteBuf buffer(byte[] bytes, int from, int to) {
        return ByteBufAllocator.DEFAULT.directBuffer(to - from).writeBytes(bytes, from, to - from);
    }

    private static byte[] copy(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** Feeds as a socket does: into the assembler's own target when it offers one. */
    private List<byte[]> feedInPieces(byte[] stream, Random random, int maxPiece) throws Exception {
        List<byte[]> found = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int piece = Math.min(stream.length - at, 1 + random.nextInt(maxPiece));
            ByteBuf target = frames.target();
            if (target == null) {
                frames.feed(buffer(stream, at, at + piece));
            } else {
                piece = Math.min(piece, target.writableBytes());
                frames.feed(target.retain().writeBytes(stream, at, piece));
            }
            at += piece;
            for (ByteBuffer frame = frames.next(); frame != null; frame = frames.next()) {
                assertThat(frame.isDirect()).isTrue();
                assertThat(frame.isReadOnly()).isFalse();
                found.add(copy(frame));
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 5_000, 70_000})
    void framesComeOutAsTheyWentInHoweverTheyAreCut(int maxPiece) throws Exception {
        Random random = new Random(20261124 + maxPiece);
        int most = maxPiece < 100 ? 2_000 : 60_000;
        List<byte[]> sent = new ArrayList<>();
        ByteBuf stream = ByteBufAllocator.DEFAULT.heapBuffer();
        for (int i = 0; i < 60; i++) {
            byte[] payload = new byte[1 + random.nextInt(i % 10 == 0 ? most : 300)];
            random.nextBytes(payload);
            sent.add(payload);
            stream.writeBytes(Peer.framed(payload));
        }
        byte[] all = new byte[stream.readableBytes()];
        stream.readBytes(all);
        stream.release();

        List<byte[]> found = feedInPieces(all, random, maxPiece);

        assertThat(found).containsExactlyElementsOf(sent);
        assertThat(frames.isInsideFrame()).isFalse();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void announcingALongFrameCostsOnlyWhatHasArrived() throws Exception {
        byte[] start = new byte[1_004];
        ByteBuffer.wrap(start).putInt(MAX_FRAME);

        frames.feed(buffer(start, 0, start.length));

        assertThat(frames.next()).isNull();
        assertThat(frames.isInsideFrame()).isTrue();
        assertThat(budget.heldBytes()).isLessThanOrEqualTo(1_000L * FrameAssembler.GROWTH);
    }

    @Test
    void aHalfLengthHoldsNoBuffer() throws Exception {
        ByteBuf half = buffer(new byte[] {0, 0}, 0, 2);

        frames.feed(half);

        assertThat(frames.next()).isNull();
        assertThat(half.refCnt()).isZero();
        assertThat(frames.isInsideFrame()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, MAX_FRAME + 1})
    void aLengthOutOfRangeIsRefusedBeforeAnythingIsAllocated(int length) {
        frames.feed(buffer(ByteBuffer.allocate(4).putInt(length).array(), 0, 4));

        assertThatThrownBy(frames::next)
                .isInstanceOf(BadFrameException.class)
                .hasMessage("frame length " + length + " is not 1 to " + MAX_FRAME);
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void unfinishedFramesShareOneBudget() throws Exception {
        FrameBudget small = new FrameBudget(10_000);
        FrameAssembler first = new FrameAssembler(ByteBufAllocator.DEFAULT, small, 9_000);
        FrameAssembler second = new FrameAssembler(ByteBufAllocator.DEFAULT, small, 9_000);
        byte[] start = new byte[3_000];
        ByteBuffer.wrap(start).putInt(9_000);
        first.feed(buffer(start, 0, start.length));
        assertThat(first.next()).isNull();
        second.feed(buffer(start, 0, start.length));

        assertThatThrownBy(second::next)
                .isInstanceOf(BadFrameException.class)
                .hasMessageContaining("would exceed 10000");

        second.close();
        first.close();
        assertThat(small.heldBytes()).isZero();
    }

    @Test
    void aFrameThatCameWholeIsShownWhereItLies() throws Exception {
        byte[] frame = Peer.framed((byte) 1, (byte) 2);
        frames.feed(buffer(frame, 0, frame.length));

        assertThat(copy(requireNonNull(frames.next()))).containsExactly(1, 2);
        assertThat(budget.heldBytes()).isZero();
    }
}
