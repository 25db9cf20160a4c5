package io.mlog.cli.terminal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the times people write: ISO-8601, where a missing zone is this machine's and a missing time
 * the start of the day, or a span before now such as {@code -15m} or {@code -1h30m}.
 */
public final class PointInTime implements ITypeConverter<Instant> {
    private static final Pattern SPAN =
            Pattern.compile("-(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");

    private final InstantSource clock;
    private final ZoneId zone;

    /** Reads times of this machine. */
    public PointInTime() {
        this(InstantSource.system(), ZoneId.systemDefault());
    }

    PointInTime(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public Instant convert(String text) {
        Matcher span = SPAN.matcher(text.toLowerCase(Locale.ROOT));
        if (text.length() > 1 && span.matches()) {
            return clock.instant()
                    .minus(Duration.ofDays(part(span, 1)))
                    .minus(Duration.ofHours(part(span, 2)))
                    .minus(Duration.ofMinutes(part(span, 3)))
                    .minus(Duration.ofSeconds(part(span, 4)));
        }
        try {
            return iso(text.toUpperCase(Locale.ROOT));
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' is no time: write 2026-11-24T10:15:00Z, 2026-11-24, or -15m"
                            + " (d, h, m, s) for a time before now");
        }
    }

    private Instant iso(String text) {
        int time = text.indexOf('T');
        if (time < 0) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        boolean hasZone =
                text.endsWith("Z") || text.indexOf('+', time) > 0 || text.indexOf('-', time) > 0;
        return hasZone
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(zone).toInstant();
    }

    private static long part(Matcher span, int group) {
        String digits = span.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
