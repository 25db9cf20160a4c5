package io.mlog.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PeerIdTest {
    @Test
    void isReadAsItIsWrittenAlsoWithAnAtInTheNodesName() {
        for (String node : new String[] {"node-1", "me@home", "@"}) {
            PeerId peer = new PeerId(node, "dir_1-x");
            assertThat(PeerId.parse(peer.toString())).isEqualTo(peer);
        }
        assertThat(new PeerId("node-1", "d")).hasToString("node-1@d");
    }

    @Test
    void whatNamesNoPeerIsRefusedWithTheText() {
        for (String text : new String[] {"", "node-1", "@dir", "node-1@"}) {
            assertThatThrownBy(() -> PeerId.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'");
        }
        assertThatThrownBy(() -> new PeerId("node-1", "a@b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void peersAreOrderedByNodeAndThenByDirectory() {
        assertThat(new PeerId("a", "z")).isLessThan(new PeerId("b", "a"));
        assertThat(new PeerId("a", "a")).isLessThan(new PeerId("a", "b"));
    }
}
