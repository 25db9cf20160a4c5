package io.mlog.broker.partition;

/**
 * What a replica does, as the metadata tells it. Guarded by the partition's lock; the present role
 * is published, so that readers may look at it.
 *
 * <pre>
 * image says               Waiting     Following         Leading
 * this broker leads        Leading     Leading           Leading (anew in a higher leader epoch)
 * another broker leads     Following   Following (anew   Following; who waits is told
 *                                      in a higher one)
 * nobody leads             Waiting     Waiting           Waiting; who waits is told
 * </pre>
 *
 * An image older than the present one changes nothing.
 */
sealed interface Role permits Leading, Following, Waiting {
    /** The leader epoch in which it is so. */
    int leaderEpoch();

    /** Number of the image that said so last. */
    int partitionEpoch();
}
