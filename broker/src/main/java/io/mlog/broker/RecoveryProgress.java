package io.mlog.broker;

import io.mlog.broker.http.Readiness;
import io.mlog.storage.OpenProgress;
import io.mlog.storage.OpenedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operator and {@code /ready} how far recovery is. Any thread. */
final class RecoveryProgress implements OpenProgress {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryProgress.class);

    private final Readiness readiness;

    RecoveryProgress(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public void opened(int done, int total, OpenedLog log) {
        switch (log) {
            case OpenedLog.Ready ready ->
                    LOG.debug(
                            "{} of {}: {} is open: {}",
                            done,
                            total,
                            ready.partition(),
                            ready.report());
            case OpenedLog.Failed failed ->
                    LOG.error(
                            "{} is offline: {}",
                            failed.partition().topicPartition(),
                            failed.reason());
        }
        readiness.become(
                Readiness.Phase.STARTING, "recovered " + done + " of " + total + " partitions");
    }
}
