package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.SocketRpcType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How Ratis is tuned: small buffers, since metadata is small; election times that a busy machine
 * keeps; everything fsynced (its default).
 */
final class RatisProperties {
    /** Largest command in bytes; one entry has to fit a batch. */
    static final int MAX_COMMAND_BYTES = 900 << 10;

    /** How long a follower may take to answer: it writes to its disk first. */
    static final int CALL_TIMEOUT_MS = 3000;

    /** How long a voter may take to answer. */
    static final int VOTE_TIMEOUT_MS = 1000;

    /**
     * Silence after which a follower asks for votes, at least and at most. Long enough for a
     * machine that is busy and a heap that is collected: a leader whose process is gone is found
     * out by {@link LeaderWatch} long before.
     */
    private static final int LEAST_SILENCE_MS = 600;

    private static final int MOST_SILENCE_MS = 1200;

    /** Entries kept behind a snapshot, so that a node that was away briefly needs none. */
    private static final int ENTRIES_KEPT = 2000;

    private static final SizeInBytes BATCH = SizeInBytes.valueOf("1MB");

    private RatisProperties() {}

    /**
     * @param alone whether this node is the only voter known: nobody could answer it, so it need
     *     not give anybody time
     */
    static RaftProperties of(RaftSettings settings, boolean alone) {
        RaftProperties properties = new RaftProperties();
        properties.set(RaftConfigKeys.Rpc.TYPE_KEY, SocketRpcType.class.getName());
        RaftServerConfigKeys.setStorageDir(properties, List.of(settings.directory().toFile()));
        elections(properties, alone);
        log(properties, settings.snapshotEvery());
        snapshots(properties, settings.snapshotEvery());
        threads(properties);
        return properties;
    }

    private static void elections(RaftProperties properties, boolean alone) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, ms(LEAST_SILENCE_MS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, ms(MOST_SILENCE_MS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, ms(alone ? 1 : 200));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, ms(alone ? 2 : 400));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, ms(CALL_TIMEOUT_MS));
        RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, ms(30_000));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, ms(2000));
        RaftServerConfigKeys.Notification.setNoLeaderTimeout(properties, ms(10_000));
        // From one voter to three at once: see VoterPlan. Only listeners that have caught up are
        // promoted, so that no majority of empty logs comes about.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
        // A machine that slept is no reason to end the process: epochs fence what it missed.
        RaftServerConfigKeys.setCloseThreshold(properties, ms(Integer.MAX_VALUE));
        // No command is ever sent twice under one call id, so nothing needs to be remembered long.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, ms(1000));
    }

    private static void log(RaftProperties properties, int snapshotEvery) {
        // Else every command is followed by an entry, and an fsync, that only repeats the commit
        // index: a leader finds it again by being elected.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("256KB"));
        RaftServerConfigKeys.Log.setWriteBufferSize(
                properties, SizeInBytes.valueOf(BATCH.getSize() + 64));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, BATCH);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, BATCH);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("8MB"));
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 64);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(
                properties, Math.min(ENTRIES_KEPT, snapshotEvery));
    }

    private static void snapshots(RaftProperties properties, int every) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, every);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    }

    private static void threads(RaftProperties properties) {
        RaftServerConfigKeys.ThreadPool.setClientCached(properties, true);
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setProxySize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setServerSize(properties, 16);
    }

    private static TimeDuration ms(int ms) {
        return TimeDuration.valueOf(ms, TimeUnit.MILLISECONDS);
    }
}
