package io.mlog.cluster.gossip.wire;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The lines that gossip logs at WARN and above while this is open. */
public final class Logged implements AutoCloseable {
    private static final String GOSSIP = "io.mlog.cluster.gossip";

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                        lines.add(event.getFormattedMessage());
                    }
                }
            };

    public Logged() throws Exception {
        // While another test class sets logging up, loggers are substitutes.
        Post.await("logging works", () -> LoggerFactory.getLogger(GOSSIP) instanceof Logger);
        logger = (Logger) LoggerFactory.getLogger(GOSSIP);
        appender.start();
        logger.addAppender(appender);
    }

    public List<String> lines() {
        return lines;
    }

    public boolean has(String... parts) {
        return lines.stream().anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
    }
}
