package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class InitProducerIdTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void everyVersionGivesAFreshProducerId() {
        for (int version = 0; version <= 5; version++) {
            InitProducerIdResponseData given = ask(version, null);
            assertThat(given.errorCode()).isZero();
            assertThat(given.producerId()).isEqualTo(4000 + version);
            assertThat(given.producerEpoch()).isZero();
        }
    }

    @Test
    void aTransactionalIdIsRefusedForGood() {
        for (int version = 0; version <= 5; version++) {
            InitProducerIdResponseData refused = ask(version, "payments");
            assertThat(refused.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.kafkaCode());
            assertThat(refused.producerId()).isEqualTo(-1);
        }
    }

    private InitProducerIdResponseData ask(int version, @Nullable String transactionalId) {
        InitProducerIdRequestData request =
                new InitProducerIdRequestData()
                        .setTransactionalId(transactionalId)
                        .setTransactionTimeoutMs(1000);
        return kafka.ask(
                ApiKeys.INIT_PRODUCER_ID, version, request, new InitProducerIdResponseData());
    }
}
