package io.mlog.cli.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.mlog.broker.config.LogFormat;
import io.mlog.broker.config.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging in code, because reading a configuration file would be a good part of a command's
 * start. Events go to stderr, one line each. Libraries are capped at WARN, Ratis and scalecube at
 * ERROR: they warn about the ordinary life of a cluster.
 *
 * <p>Logback finds this class through the service loader and lets it set up commands, which are
 * quiet; {@link #apply} then sets up a server.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** For the service loader. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        apply(context, Level.ERROR, LogFormat.TEXT);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs as the operator asked for. */
    static void apply(LogLevel level, LogFormat format) {
        apply(
                (LoggerContext) LoggerFactory.getILoggerFactory(),
                Level.toLevel(level.name()),
                format);
    }

    private static void apply(LoggerContext context, Level level, LogFormat format) {
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder(context, format));
        console.start();
        Level libraries = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(libraries);
        root.addAppender(console);
        context.getLogger("io.mlog").setLevel(level);
        context.getLogger("org.apache.ratis").setLevel(Level.ERROR);
        context.getLogger("io.scalecube").setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        return switch (format) {
            case JSON -> {
                JsonEncoder json = new JsonEncoder();
                json.setContext(context);
                json.setWithSequenceNumber(false);
                json.setWithNanoseconds(false);
                json.setWithContext(false);
                json.setWithMessage(false);
                json.setWithFormattedMessage(true);
                json.start();
                yield json;
            }
            case TEXT -> {
                EventLine line = new EventLine();
                line.setContext(context);
                line.start();
                LayoutWrappingEncoder<ILoggingEvent> text = new LayoutWrappingEncoder<>();
                text.setContext(context);
                text.setLayout(line);
                text.start();
                yield text;
            }
        };
    }
}
