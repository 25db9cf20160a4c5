package io.mlog.broker.partition;

import io.mlog.core.replication.IsrProposal;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;

/** Where a leader's wishes about its in-sync set go: to the metadata log. */
public interface IsrProposals {
    /**
     * Sends a proposal; a newer one for the same partition replaces one that was not sent yet. It
     * may be lost. What became of it is seen in a newer image only. Any thread, no lock held; does
     * not block.
     */
    void propose(TopicPartition partition, TopicId topicId, IsrProposal proposal);
}
