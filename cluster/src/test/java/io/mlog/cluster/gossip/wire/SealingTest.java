package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final ClusterKey KEY = ClusterKey.of("a-key-of-the-cluster-that-is-long");
    private static final byte[] CLIENT = Greeting.of(true).random();
    private static final byte[] SERVER = Greeting.of(true).random();
    private static final byte[] LETTER = "a letter".getBytes(StandardCharsets.US_ASCII);

    @Test
    void framesOpenInTheOrderInWhichTheyWereSealed() throws Exception {
        Sealing sender = AesGcmSealing.of(KEY, CLIENT, SERVER);
        Sealing receiver = AesGcmSealing.of(KEY, CLIENT, SERVER);
        for (int i = 0; i < 100; i++) {
            byte[] frame = sender.seal(LETTER);
            assertThat(new String(frame, StandardCharsets.ISO_8859_1)).doesNotContain("letter");
            assertThat(receiver.open(frame)).isEqualTo(LETTER);
        }
    }

    @Test
    void sameLetterNeverLooksTheSame() throws Exception {
        Sealing sender = AesGcmSealing.of(KEY, CLIENT, SERVER);
        assertThat(sender.seal(LETTER)).isNotEqualTo(sender.seal(LETTER));
    }

    @Test
    void framesThatAreRepeatedLeftOutOrChangedDoNotOpen() throws Exception {
        Sealing sender = AesGcmSealing.of(KEY, CLIENT, SERVER);
        byte[] first = sender.seal(LETTER);
        byte[] second = sender.seal(LETTER);

        assertRefused(AesGcmSealing.of(KEY, CLIENT, SERVER), second);
        Sealing receiver = AesGcmSealing.of(KEY, CLIENT, SERVER);
        assertThat(receiver.open(first)).isEqualTo(LETTER);
        assertRefused(receiver, first);

        for (int i = 0; i < first.length; i++) {
            byte[] changed = first.clone();
            changed[i] ^= 1;
            assertRefused(AesGcmSealing.of(KEY, CLIENT, SERVER), changed);
        }
    }

    @Test
    void framesOfAnotherKeyOrConnectionDoNotOpen() throws Exception {
        byte[] frame = AesGcmSealing.of(KEY, CLIENT, SERVER).seal(LETTER);
        byte[] other = Greeting.of(true).random();
        assertRefused(
                AesGcmSealing.of(ClusterKey.of("another-key-of-the-cluster"), CLIENT, SERVER),
                frame);
        assertRefused(AesGcmSealing.of(KEY, other, SERVER), frame);
        assertRefused(AesGcmSealing.of(KEY, CLIENT, other), frame);
        assertRefused(AesGcmSealing.of(KEY, SERVER, CLIENT), frame);
    }

    @Test
    void keyIsLongAndNeverShown() {
        assertThatThrownBy(() -> ClusterKey.of("short-and-secret"))
                .hasMessageContaining("22 to 256")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> ClusterKey.of("one-key-of-22-characters,another"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(KEY.toString()).doesNotContain("long");
    }

    private static void assertRefused(Sealing receiver, byte[] frame) {
        assertThatThrownBy(() -> receiver.open(frame)).isInstanceOf(GeneralSecurityException.class);
    }
}
