package io.mlog.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyCheckTest {
    private static ByteBuffer batch(Codec codec, @Nullable String... keys) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        builder.reset(codec);
        for (@Nullable String key : keys) {
            ByteBuffer bytes = key == null ? null : ByteBuffer.wrap(key.getBytes(UTF_8));
            builder.append(1, bytes, ByteBuffer.wrap("v".repeat(99).getBytes(UTF_8)), List.of());
        }
        return Batches.copy(builder.build());
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void passesWhereEveryRecordHasAKeyAnEmptyOneToo(Codec codec) {
        assertThatCode(() -> KeyCheck.everyRecordHasOne(batch(codec, "a", "", "b"), 1 << 20))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void namesTheRecordWithoutAKeyInWhicheverBatchItIs(Codec codec) {
        ByteBuffer good = batch(codec, "a", "b");
        ByteBuffer bad = batch(codec, "a", "b", null, "c");
        ByteBuffer both = ByteBuffer.allocate(good.remaining() + bad.remaining());
        both.put(good).put(bad).flip();
        assertThatThrownBy(() -> KeyCheck.everyRecordHasOne(both, 1 << 20))
                .isInstanceOf(MlogException.class)
                .hasMessageContaining("record 2 of 4 has no key")
                .extracting(e -> ((MlogException) e).code())
                .isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void opensNoMoreThanItsBound(Codec codec) {
        ByteBuffer batch = batch(codec, "a".repeat(50_000));
        assertThatThrownBy(() -> KeyCheck.everyRecordHasOne(batch, 10_000))
                .isInstanceOf(MlogException.class)
                .extracting(e -> ((MlogException) e).code())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }
}
