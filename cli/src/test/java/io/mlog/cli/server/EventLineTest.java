package io.mlog.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

final class EventLineTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void eventWithAnErrorIsStillOneLine() {
        String line =
                line(
                        Level.WARN,
                        "closing {}",
                        new IllegalStateException("first\nline", new RuntimeException("cause")),
                        "10.0.0.1\r\nforged");

        assertThat(line)
                .startsWith("2026-11-24T10:00:00.005Z WARN  Listener: closing 10.0.0.1  forged | ")
                .contains(" | java.lang.IllegalStateException: first line | ")
                .contains(" | java.lang.RuntimeException: cause | ")
                .endsWith("\n");
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void levelsAreAlignedAndUtf8IsKept() {
        assertThat(line(Level.ERROR, "größer", null)).contains("Z ERROR Listener: größer\n");
        assertThat(line(Level.INFO, "x", null)).contains("Z INFO  Listener: x\n");
    }

    private String line(
            Level level,
            String message,
            @org.jspecify.annotations.Nullable Throwable error,
            Object... arguments) {
        LoggingEvent event =
                new LoggingEvent(
                        "",
                        context.getLogger("io.mlog.broker.net.Listener"),
                        level,
                        message,
                        error,
                        arguments);
        event.setInstant(java.time.Instant.parse("2026-11-24T10:00:00.005Z"));
        return new EventLine().doLayout(event);
    }
}
