package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBytesTest {
    private static final int MAX_FRAME = 100 << 20;

    private static FirstBytes.Verdict judge(String bytes) {
        return FirstBytes.judge(Unpooled.wrappedBuffer(bytes.getBytes(ISO_8859_1)), MAX_FRAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "HEAD /",
                "POST /api",
                "PUT /x",
                "PATCH /x",
                "DELETE /x",
                "OPTIONS *"
            })
    void everyMethodWithItsSpaceIsHttp(String line) {
        assertThat(judge(line)).isEqualTo(new FirstBytes.Decided(Language.HTTP));
    }

    @Test
    void aHandshakeRecordIsTls() {
        assertThat(judge("\u0016")).isEqualTo(new FirstBytes.Decided(Language.TLS));
    }

    @Test
    void aLengthAndABraceAreJson() {
        assertThat(judge("\0\0\0\u0010{")).isEqualTo(new FirstBytes.Decided(Language.JSON));
        assertThat(judge("\u0006@\0\0{")).isEqualTo(new FirstBytes.Decided(Language.JSON));
    }

    @Test
    void aLengthAndAZeroAreKafka() {
        assertThat(judge("\0\0\0\u0010\0")).isEqualTo(new FirstBytes.Decided(Language.KAFKA));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET", "OPTIONS", "P", "PA", "\0", "\0\0\0", "\0\0\0\u0010"})
    void anythingThatMayStillBecomeALanguageIsUndecided(String bytes) {
        assertThat(judge(bytes)).isInstanceOf(FirstBytes.Undecided.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0",
                "GOT ",
                "get / ",
                "PO{",
                "\u0080",
                "\u00ff\u00ff\u00ff\u00ff",
                "\u0017",
                "\0\0\0\u0010x",
                "\0\0\0\u0010 {"
            })
    void everythingElseIsRefused(String bytes) {
        assertThat(judge(bytes)).isInstanceOf(FirstBytes.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"'\0\0\0\0', 0", "'\u0006@\0\u0001', 104857601", "'\u0015\0\0\0', 352321536"})
    void aLengthOutOfRangeIsRefusedWithTheValue(String bytes, String length) {
        assertThat(judge(bytes))
                .isEqualTo(
                        new FirstBytes.Refused(
                                "frame length " + length + " is not 1 to 104857600"));
    }

    @Test
    void noMoreThanEnoughBytesAreEverUndecided() {
        for (int first = 0; first < 256; first++) {
            String bytes = (char) first + "x".repeat(FirstBytes.ENOUGH - 1);
            assertThat(judge(bytes)).isNotInstanceOf(FirstBytes.Undecided.class);
        }
    }
}
