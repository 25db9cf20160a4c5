package io.mlog.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class RecordReaderTest {
    @Test
    void damagedBytesAreRefusedBeforeAnythingIsRead() {
        ByteBuffer batch = Batches.of("value");
        batch.put(batch.limit() - 2, (byte) 'X');
        refused(() -> Batches.read(batch), ErrorCode.CORRUPT_MESSAGE, "checksum");
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = "NONE", mode = Mode.EXCLUDE)
    void aBatchThatDecompressesToMoreThanTheBoundIsNotReadBeyondIt(Codec codec) {
        ByteBuffer bomb = Batches.of(codec, "small", "0".repeat(8_000_000));
        assertThat(bomb.remaining()).isLessThan(400_000);
        try (RecordReader reader = RecordReader.open(bomb, 0, 200_000)) {
            assertThatThrownBy(() -> reader.forEachRemaining(r -> {}))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE))
                    .hasMessageContaining("200000");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = "NONE", mode = Mode.EXCLUDE)
    void theBoundIsExact(Codec codec) {
        ByteBuffer batch = Batches.of(codec, "0".repeat(300_000));
        int bytes = Batches.of("0".repeat(300_000)).remaining() - BatchHeader.SIZE;
        try (RecordReader reader = RecordReader.open(batch, 0, bytes)) {
            assertThat(reader.next().offset()).isZero();
        }
        try (RecordReader reader = RecordReader.open(batch, 0, bytes - 1)) {
            refused(reader::next, ErrorCode.MESSAGE_TOO_LARGE, "" + (bytes - 1));
        }
    }

    @Test
    void aRecordThatClaimsTwoGigabytesTakesNoMemoryForThem() throws IOException {
        byte[] claims = HexFormat.of().parseHex("feffffff0f"); // length 2^31 - 1
        refused(
                () -> Batches.read(Batches.raw(Codec.NONE, 1, claims)),
                ErrorCode.CORRUPT_MESSAGE,
                "2147483647");
        ByteBuffer squeezed = Batches.raw(Codec.SNAPPY, 1, Snappy.compress(claims));
        try (RecordReader reader = RecordReader.open(squeezed, 0, Integer.MAX_VALUE)) {
            refused(reader::next, ErrorCode.MESSAGE_TOO_LARGE, "");
        }
        byte[] lessThanBound = HexFormat.of().parseHex("feffffff07"); // length 2^30 - 1
        ByteBuffer lesser = Batches.raw(Codec.SNAPPY, 1, Snappy.compress(lessThanBound));
        try (RecordReader reader = RecordReader.open(lesser, 0, Integer.MAX_VALUE)) {
            refused(reader::next, ErrorCode.CORRUPT_MESSAGE, "0 bytes are left");
        }
    }

    @Test
    void aBareSnappyBlockIsReadAsLibrdkafkaWritesIt() throws IOException {
        ByteBuffer plain = Batches.of("one", "two");
        byte[] records = Batches.bytes(plain, BatchHeader.SIZE);
        ByteBuffer batch = Batches.raw(Codec.SNAPPY, 2, Snappy.compress(records));
        assertThat(Batches.read(batch)).isEqualTo(Batches.read(plain));
    }

    @Test
    void aSnappyBlockThatClaimsTwoGigabytesIsRefused() {
        byte[] claims = HexFormat.of().parseHex("ffffffff0700");
        refused(
                () -> Batches.read(Batches.raw(Codec.SNAPPY, 1, claims)),
                ErrorCode.MESSAGE_TOO_LARGE,
                "2147483647");
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = "NONE", mode = Mode.EXCLUDE)
    void compressedBytesThatWereDamagedByTheirProducerAreRefusedOrReadButNeverMore(Codec codec) {
        ByteBuffer good = Batches.of(codec, "abc ".repeat(500), "def ".repeat(500));
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            ByteBuffer bad = Batches.copy(good);
            int at = random.nextInt(BatchHeader.SIZE, bad.limit());
            bad.put(at, (byte) random.nextInt());
            try {
                assertThat(Batches.read(Batches.resealed(bad))).hasSize(2);
            } catch (MlogException e) {
                assertThat(e.code()).isIn(ErrorCode.CORRUPT_MESSAGE, ErrorCode.MESSAGE_TOO_LARGE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = "NONE", mode = Mode.EXCLUDE)
    void compressedBytesThatEndTooEarlyAreRefused(Codec codec) {
        ByteBuffer good = Batches.of(codec, "abc ".repeat(500), "def ".repeat(500));
        byte[] records = Batches.bytes(good, BatchHeader.SIZE);
        for (int length = 0; length < records.length / 2; length++) {
            ByteBuffer cut = Batches.raw(codec, 2, Arrays.copyOf(records, length));
            refused(() -> Batches.read(cut), ErrorCode.CORRUPT_MESSAGE, "");
        }
    }

    @Test
    void plainRecordsOfAnyBytesAreRefusedOrReadButNeverMore() {
        Random random = new Random(43);
        ByteBuffer good = Batches.of("abc", "defg", "");
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer bad = Batches.copy(good);
            int at = random.nextInt(BatchHeader.SIZE, bad.limit());
            bad.put(at, (byte) random.nextInt());
            try {
                assertThat(Batches.read(Batches.resealed(bad))).hasSize(3);
            } catch (MlogException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing at all
                "00", // a record of no bytes
                "0e00000201010000", // offset delta 1 beyond the last
                "0e00000101010000", // offset delta -1
                "0c0000000101000c", // bytes after the last record
                "0e000000010100ff", // bytes after the headers
                "0c000000047800", // a key longer than the record
                "0c000000010102", // a header that is not there
                "0c0000000101ff", // endless header count
                "ffffffffffff00", // endless length
            })
    void bytesThatAreNotTheRecordsTheHeaderSaysAreRefused(String hex) {
        byte[] records = HexFormat.of().parseHex(hex);
        ByteBuffer batch = Batches.raw(Codec.NONE, 1, records);
        refused(() -> Batches.read(batch), ErrorCode.CORRUPT_MESSAGE, "record 0 of 1");
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void skippingLandsOnTheFirstRecordAtOrAfterTheOffset(Codec codec) {
        String[] values = new String[1000];
        Arrays.setAll(values, i -> "value " + i);
        ByteBuffer batch = Batches.of(codec, values);
        BatchHeader.assign(batch, 0, 5000, 1);

        for (long wanted : List.of(0L, 5000L, 5001L, 5400L, 5999L)) {
            try (RecordReader reader = RecordReader.open(batch, 0, 1 << 20)) {
                reader.skipTo(wanted);
                LogRecord found = reader.next();
                assertThat(found.offset()).isEqualTo(Math.max(5000, wanted));
                assertThat(Batches.text(found.value()))
                        .isEqualTo("value " + (found.offset() - 5000));
            }
        }
        try (RecordReader reader = RecordReader.open(batch, 0, 1 << 20)) {
            reader.skipTo(6000);
            assertThat(reader.hasNext()).isFalse();
            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void aCodecWhoseLibraryCannotBeLoadedIsUnsupported() {
        refused(
                () ->
                        NativeCodec.call(
                                Codec.ZSTD,
                                () -> {
                                    throw new UnsatisfiedLinkError("no zstd for this machine");
                                }),
                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                "no zstd for this machine");
    }

    @Test
    void theBuffersPositionAndBytesStay() {
        ByteBuffer batch = Batches.of("x");
        byte[] before = Batches.bytes(batch, 0);
        assertThat(Batches.read(batch).getFirst().value())
                .isEqualTo(ByteBuffer.wrap("x".getBytes(UTF_8)));
        assertThat(batch.position()).isZero();
        assertThat(Batches.bytes(batch, 0)).isEqualTo(before);
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String part) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MlogException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part);
    }
}
