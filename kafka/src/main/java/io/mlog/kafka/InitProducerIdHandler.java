package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.services.BrokerService;
import io.mlog.services.ProducerIdentity;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * InitProducerId: a fresh producer id for idempotent producing. A transactional id is refused with
 * UNSUPPORTED_VERSION, which clients treat as final; the response has no room for a sentence.
 */
final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData> {
    /** Version 6 is not stable in Kafka. */
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.INIT_PRODUCER_ID, 0, 5);

    private final BrokerService broker;

    InitProducerIdHandler(BrokerService broker) {
        this.broker = broker;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public InitProducerIdRequestData parse(Readable request, short version) {
        return new InitProducerIdRequestData(request, version);
    }

    @Override
    public void answer(InitProducerIdRequestData request, Call call) {
        if (request.transactionalId() != null) {
            call.reply(refused(ErrorCode.UNSUPPORTED_VERSION.kafkaCode()));
            return;
        }
        call.replyWhen(
                Outcomes.settle(
                        broker::newProducerId,
                        InitProducerIdHandler::given,
                        refusal -> refused(refusal.code())));
    }

    private static InitProducerIdResponseData given(ProducerIdentity producer) {
        return new InitProducerIdResponseData()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch());
    }

    private static InitProducerIdResponseData refused(short code) {
        return new InitProducerIdResponseData()
                .setErrorCode(code)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
    }
}
