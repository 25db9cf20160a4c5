package io.mlog.cli.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes a log event as one line: time in UTC, level, the class's short name, message. A stack
 * trace follows on the same line, its frames parted by {@code |}, so that a line is always an
 * event.
 */
final class EventLine extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(event.getLevel());
        line.append(event.getLevel().toString().length() < 5 ? "  " : " ");
        String name = event.getLoggerName();
        line.append(name, name.lastIndexOf('.') + 1, name.length()).append(": ");
        appendOnOneLine(line, event.getFormattedMessage());
        for (IThrowableProxy error = event.getThrowableProxy();
                error != null;
                error = error.getCause()) {
            appendError(line, error);
        }
        return line.append('\n').toString();
    }

    private static void appendError(StringBuilder line, IThrowableProxy error) {
        line.append(" | ").append(error.getClassName()).append(": ");
        appendOnOneLine(line, String.valueOf(error.getMessage()));
        for (StackTraceElementProxy frame : error.getStackTraceElementProxyArray()) {
            line.append(" | ").append(frame.getSTEAsString());
        }
    }

    /** Values from outside may hold line breaks and other control characters: shown as a space. */
    private static void appendOnOneLine(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
    }
}
