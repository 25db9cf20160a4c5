package io.mlog.kafka;

import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;

/**
 * The entries of responses that are named as the client wished. Kafka's classes keep them in hash
 * tables with linear probing, which take cubic time to fill when hashes collide: a second for 1,000
 * equal names, hours for 20,000. A response is only ever written from first to last and never
 * looked up in, so these entries hash by identity, which no client can choose.
 */
final class HashedByIdentity {
    private HashedByIdentity() {}

    /** Of a Produce response. */
    static final class ProducedTopic extends TopicProduceResponse {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a Metadata response. */
    static final class MetadataTopic extends MetadataResponseTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of an OffsetForLeaderEpoch response. */
    static final class EpochsTopic extends OffsetForLeaderTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a DescribeTopicPartitions response. */
    static final class DescribedTopic extends DescribeTopicPartitionsResponseTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a CreateTopics response. */
    static final class CreatedTopic extends CreatableTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a DeleteTopics response. */
    static final class DeletedTopic extends DeletableTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a DeleteRecords response. */
    static final class ShortenedTopic extends DeleteRecordsTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Of a topic in a DeleteRecords response. */
    static final class ShortenedPartition extends DeleteRecordsPartitionResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
