package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.cluster.gossip.wire.Boot;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TagsCodecTest {
    private static final Member MEMBER =
            new Member(
                    "node-1",
                    1_800_000_000_000L,
                    "",
                    "9TIgxWgGTXWvW1ECAqE8jQ",
                    new HostPort("node1", 9092),
                    new HostPort("::1", 9093),
                    new HostPort("10.0.0.1", 9094),
                    "0.1.0-SNAPSHOT",
                    MemberState.JOINING);
    private static final Boot BOOT = Boot.parse(MEMBER.id(), MEMBER.gossipAddress());

    @Test
    void memberIsReadAsItWasWritten() throws IOException {
        for (Member member : List.of(MEMBER, MEMBER.withClusterId("C").withState("serving"))) {
            assertThat(TagsCodec.decode(BOOT, TagsCodec.encode(member))).isEqualTo(member);
        }
    }

    @Test
    void whatANewerVersionAppendsIsIgnored() throws IOException {
        byte[] tags = TagsCodec.encode(MEMBER);
        byte[] longer = Arrays.copyOf(tags, tags.length + 10);
        assertThat(TagsCodec.decode(BOOT, longer)).isEqualTo(MEMBER);
    }

    @Test
    void tagsOfAnotherMemberAreRefused() {
        byte[] tags = TagsCodec.encode(MEMBER);
        assertThatThrownBy(
                        () -> TagsCodec.decode(new Boot("node-2", 1, MEMBER.gossipAddress()), tags))
                .hasMessage("tags of node-1#1800000000000 at node1:9092");
        assertThatThrownBy(
                        () -> TagsCodec.decode(Boot.parse(MEMBER.id(), MEMBER.rpcAddress()), tags))
                .hasMessageContaining("at node1:9092");
    }

    @Test
    void otherBytesAreRefused() {
        byte[] tags = TagsCodec.encode(MEMBER);
        for (int length = 0; length < tags.length; length++) {
            byte[] part = Arrays.copyOf(tags, length);
            assertThatThrownBy(() -> TagsCodec.decode(BOOT, part)).isInstanceOf(IOException.class);
        }
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            byte[] changed = tags.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                Member read = TagsCodec.decode(BOOT, changed);
                assertThat(read.id()).isEqualTo(MEMBER.id());
            } catch (IOException e) {
                assertThat(e.toString()).as("seed %d", seed).matches("[ -~]*");
            }
        }
        byte[] version = tags.clone();
        version[0] = 2;
        assertThatThrownBy(() -> TagsCodec.decode(BOOT, version)).hasMessage("tags of version 2");
    }

    @Test
    void textThatWouldBreakALogLineIsNotTold() {
        assertThatThrownBy(() -> TagsCodec.encode(MEMBER.withState("serving\nFATAL")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("visible characters");
    }
}
