package io.mlog.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected numbers are what kafka-clients 4.4.0 computes for the same keys. */
class KeyHashTest {
    @ParameterizedTest
    @CsvSource({
        "'', 275646681, 2",
        "a, -1563381124, 5",
        "ab, 316155434, 0",
        "abc, 479470107, 4",
        "abcd, -1323649548, 5",
        "21, -973932308, 3",
        "foobar, -790332482, 0",
        "a-little-bit-long-string, -985981536, 1",
        "a-little-bit-longer-string, -1486304829, 0",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971, 3",
        "schlüssel, 331429656, 5",
    })
    void aKeyHashesAndIsPlacedAsByKafkasClients(String key, int hash, int partitionOfSeven) {
        assertThat(KeyHash.murmur2(key.getBytes(UTF_8))).isEqualTo(hash);
        assertThat(KeyHash.partition(key.getBytes(UTF_8), 7)).isEqualTo(partitionOfSeven);
    }

    @Test
    void bytesAboveHalfCountAsUnsigned() {
        assertThat(KeyHash.murmur2(new byte[] {-1, -2, -3})).isEqualTo(998637092);
    }

    @Test
    void thereIsNoPartitionAmongNone() {
        assertThatThrownBy(() -> KeyHash.partition(new byte[1], 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
