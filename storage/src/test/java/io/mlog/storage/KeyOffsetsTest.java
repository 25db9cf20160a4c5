package io.mlog.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {
    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @Test
    void knowsTheLastOffsetOfEachKeyAsAMapDoes() {
        KeyOffsets offsets = new KeyOffsets(24 * 6000);
        offsets.reset(4000);
        Map<String, Long> model = new HashMap<>();
        SplittableRandom random = new SplittableRandom(1);
        for (long offset = 0; offset < 20_000; offset++) {
            String key = "key" + random.nextInt(4000);
            assertThat(offsets.put(key(key), offset)).isTrue();
            model.put(key, offset);
        }
        assertThat(offsets.size()).isEqualTo(model.size());
        for (int i = 0; i < 5000; i++) {
            assertThat(offsets.get(key("key" + i))).isEqualTo(model.getOrDefault("key" + i, -1L));
        }
    }

    @Test
    void refusesNewKeysWhenItIsFullAndGoesOnTakingKnownOnes() {
        KeyOffsets offsets = new KeyOffsets(24 * 100);
        offsets.reset(1_000_000);
        int keys = 0;
        while (offsets.put(key("key" + keys), keys)) {
            keys++;
        }
        assertThat(keys).isEqualTo(80);
        assertThat(offsets.put(key("key7"), 1000)).isTrue();
        assertThat(offsets.get(key("key7"))).isEqualTo(1000);
        assertThat(offsets.get(key("key80"))).isEqualTo(-1);
        offsets.reset(10);
        assertThat(offsets.get(key("key7"))).isEqualTo(-1);
        assertThat(offsets.put(key("key80"), 1)).isTrue();
    }

    @Test
    void takesAtLeastOneKeyHoweverLittleMemoryThereIs() {
        KeyOffsets offsets = new KeyOffsets(1);
        offsets.reset(1_000);
        assertThat(offsets.put(key("a"), 5)).isTrue();
        assertThat(offsets.put(key("b"), 6)).isFalse();
        assertThat(offsets.get(key("a"))).isEqualTo(5);
    }
}
