package io.mlog.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class PointInTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final PointInTime times = new PointInTime(() -> NOW, ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "-15m, 2026-11-24T11:45:00Z",
        "-1h30m, 2026-11-24T10:30:00Z",
        "-2D, 2026-11-22T12:00:00Z",
        "-1d2h3m4s, 2026-11-23T09:56:56Z",
        "2026-11-24T10:15:00Z, 2026-11-24T10:15:00Z",
        "2026-11-24t10:15:00.25z, 2026-11-24T10:15:00.250Z",
        "2026-11-24T10:15:00+02:00, 2026-11-24T08:15:00Z",
        "2026-11-24T10:15:00-02:00, 2026-11-24T12:15:00Z",
        "2026-11-24T10:15, 2026-11-24T09:15:00Z",
        "2026-11-24, 2026-11-23T23:00:00Z",
    })
    void isoTimesAndSpansBeforeNowAreRead(String text, Instant expected) {
        assertThat(times.convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "15m", "-15", "-m", "-15x", "yesterday", "2026-13-01", "-3m2h"})
    void anythingElseIsRefusedWithTheForms(String text) {
        assertThatThrownBy(() -> times.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is no time");
    }

    @Test
    void spanOfTheGreatestNumbersIsStillATime() {
        assertThat(times.convert("-999999999s")).isBefore(NOW);
    }
}
