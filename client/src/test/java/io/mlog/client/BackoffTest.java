package io.mlog.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"1,20", "2,40", "3,80", "6,640", "7,1000", "31,1000", "100000,1000"})
    void theWaitDoublesUpToTheLongestAndIsCutByUpToAHalf(int failures, long whole) {
        Backoff backoff = new Backoff(20, 1_000, new Random(1));

        long[] waits = LongStream.range(0, 500).map(i -> backoff.delayMs(failures)).toArray();

        assertThat(LongStream.of(waits)).allMatch(wait -> wait >= whole / 2 && wait <= whole);
        assertThat(LongStream.of(waits).distinct().count()).isGreaterThan(5);
    }

    @Test
    void aWaitOfOneMillisecondStaysOne() {
        assertThat(new Backoff(1, 1, new Random(1)).delayMs(1)).isEqualTo(1);
    }
}
