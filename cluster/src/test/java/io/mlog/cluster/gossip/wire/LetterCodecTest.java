package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Packet.TagsAnswer;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LetterCodecTest {
    @Test
    void lettersOfAllKindsAreReadAsTheyWereWritten() throws IOException {
        for (Letter letter : Letters.ofAllKinds()) {
            Letter read = LetterCodec.decode(LetterCodec.encode(letter));
            assertThat(Letters.shown(read)).isEqualTo(Letters.shown(letter));
        }
    }

    @Test
    void lettersThatEndTooSoonOrTooLateAreRefused() throws IOException {
        for (Letter letter : Letters.ofAllKinds()) {
            byte[] whole = LetterCodec.encode(letter);
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> LetterCodec.decode(part)).isInstanceOf(IOException.class);
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThatThrownBy(() -> LetterCodec.decode(longer)).hasMessage("1 bytes too many");
        }
    }

    /** A stranger's bytes are refused or are a letter that we could have written; nothing else. */
    @Test
    void changedBytesAreRefusedOrAreALetter() throws IOException {
        int letters = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes =
                    LetterCodec.encode(
                            Letters.ofAllKinds().get(random.nextInt(Letters.ofAllKinds().size())));
            for (int change = 0; change <= random.nextInt(4); change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Letter read = LetterCodec.decode(bytes);
                assertThat(Letters.shown(LetterCodec.decode(LetterCodec.encode(read))))
                        .as("seed %d", seed)
                        .isEqualTo(Letters.shown(read));
                letters++;
            } catch (IOException e) {
                assertThat(e.getMessage() == null ? "" : e.getMessage())
                        .as("seed %d: a stranger's text must not get into the log", seed)
                        .matches("[ -~]*");
            }
        }
        assertThat(letters).isBetween(100, 19_900);
    }

    @Test
    void whatIsOutOfBoundsIsRefusedWithoutItsText() throws IOException {
        assertRefused(new Letter("C\nFATAL", Letters.ONE.address(), "", packet()), "a text of 7");
        assertRefused(
                new Letter("C", new HostPort("host\nFATAL", 1), "", packet()),
                "a host name of another form");
        assertRefused(
                new Letter(
                        "C",
                        Letters.ONE.address(),
                        "",
                        new Rumour(
                                "x".repeat(101),
                                1,
                                "y",
                                new Sighting(Letters.ONE, Status.DEAD, 1))),
                "a text of 101");
        byte[] version = LetterCodec.encode(new Letter("C", Letters.ONE.address(), "", packet()));
        version[0] = 2;
        assertThatThrownBy(() -> LetterCodec.decode(version)).hasMessage("a letter of version 2");
    }

    @Test
    void packetsOutOfBoundsCannotBeMade() {
        assertThatThrownBy(() -> new Boot("no spaces", 1, Letters.ONE.address()))
                .hasMessage("a node id of another form");
        assertThatThrownBy(() -> new Boot("node-1", -1, Letters.ONE.address()))
                .hasMessage("boot epoch -1 is below 0");
        assertThatThrownBy(() -> Boot.parse("node-1", Letters.ONE.address()))
                .hasMessage("a member id without a boot epoch");
        assertThatThrownBy(() -> Boot.parse("node-1#\nx", Letters.ONE.address()))
                .hasMessage("a boot epoch that is no number");
        assertThatThrownBy(() -> new Sighting(Letters.ONE, Status.ALIVE, Integer.MAX_VALUE))
                .hasMessageContaining("incarnation 2147483647");
        assertThatThrownBy(() -> new TagsAnswer(Letters.ONE, new byte[4097]))
                .hasMessage("tags of 4097 bytes, at most 4096");
        assertThatThrownBy(() ->
                        new Sync(
                                false,
                                Collections.nCopies(
                                        2001, new Sighting(Letters.ONE, Status.ALIVE, 1))))
                .hasMessage("2001 members at once, at most 2000");
    }

    private static Packet packet() {
        return new Packet.TagsRequest(Letters.ONE);
    }

    private static void assertRefused(Letter letter, String why) throws IOException {
        byte[] bytes = LetterCodec.encode(letter);
        assertThatThrownBy(() -> LetterCodec.decode(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("FATAL");
    }
}
