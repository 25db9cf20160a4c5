package io.mlog.groups.embed;

import io.mlog.model.MlogException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** Our refusals as Kafka's exceptions, which decide what a client is told. */
final class KafkaErrors {
    private KafkaErrors() {}

    static ApiException of(MlogException refusal) {
        return Errors.forCode(refusal.code().kafkaCode()).exception(refusal.reason());
    }

    static ApiException notLeader(String message) {
        return Errors.NOT_LEADER_OR_FOLLOWER.exception(message);
    }
}
