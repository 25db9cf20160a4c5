package io.mlog.broker.partition;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.Optional;

/**
 * A replica that copies its leader's log, as its fetcher sees it: it says what to ask for next and
 * takes what comes back. Any thread.
 */
public interface FollowedPartition {
    /** Whose replica this is. */
    TopicPartition name();

    /** The topic's permanent identity. */
    TopicId topicId();

    /**
     * What to ask next: empty while it follows nobody, and while what it appended last is not yet
     * as safe as the topic's durability demands. The fetch offset acknowledges everything below it.
     * When it may be asked again, {@link FollowerListener#fetchable} is told.
     */
    Optional<FetchPosition> position();

    /**
     * Takes the answer to the one outstanding request for {@code asked}; drops it when the replica
     * has moved on since. Appends to the page cache, and truncates durably, so it may block on the
     * disk.
     *
     * @param data valid during the call
     */
    void received(FetchPosition asked, ReplicaData data);
}
