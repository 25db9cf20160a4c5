package io.mlog.groups.api;

import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;

/**
 * Entries that are named as the client wished. Kafka's classes keep them in hash tables with linear
 * probing, which take cubic time to fill when hashes collide (decision 11). These hash by identity,
 * which no client can choose: they are walked through and never looked up.
 */
public final class HashedByIdentity {
    private HashedByIdentity() {}

    /** Of an OffsetDelete request. */
    static final class AskedTopic extends OffsetDeleteRequestTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a topic in an OffsetDelete request. */
    static final class AskedPartition extends OffsetDeleteRequestPartition {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of an OffsetDelete response. */
    public static final class AnsweredTopic extends OffsetDeleteResponseTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a topic in an OffsetDelete response. */
    public static final class AnsweredPartition extends OffsetDeleteResponsePartition {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a DeleteGroups response. */
    public static final class DeletedGroup extends DeletableGroupResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
