package io.mlog.kafka;

import io.mlog.services.BrokerService;
import io.mlog.services.TopicService;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBrokerCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Readable;

/** DescribeCluster: the brokers. There is no separate endpoint for controllers. */
final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.DESCRIBE_CLUSTER, 0, 2);
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final TopicService topics;
    private final BrokerService broker;
    private final BrokerAddresses addresses;

    DescribeClusterHandler(TopicService topics, BrokerService broker, BrokerAddresses addresses) {
        this.topics = topics;
        this.broker = broker;
        this.addresses = addresses;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DescribeClusterRequestData parse(Readable request, short version) {
        return new DescribeClusterRequestData(request, version);
    }

    @Override
    public void answer(DescribeClusterRequestData request, Call call) {
        if (request.endpointType() != BROKERS) {
            call.reply(wrongEndpoint(request.endpointType()));
            return;
        }
        DescribeClusterBrokerCollection brokers = new DescribeClusterBrokerCollection();
        for (BrokerAddresses.Node node : addresses.all(topics.metadata(), call.connection())) {
            if (!node.fenced() || request.includeFencedBrokers()) {
                brokers.add(broker(node));
            }
        }
        call.reply(
                new DescribeClusterResponseData()
                        .setClusterId(broker.clusterId())
                        .setControllerId(broker.brokerId())
                        .setBrokers(brokers));
    }

    private static DescribeClusterBroker broker(BrokerAddresses.Node node) {
        return new DescribeClusterBroker()
                .setBrokerId(node.id())
                .setHost(node.address().host())
                .setPort(node.address().port())
                .setRack(node.rack())
                .setIsFenced(node.fenced());
    }

    private static DescribeClusterResponseData wrongEndpoint(byte type) {
        Errors error =
                type == CONTROLLERS
                        ? Errors.MISMATCHED_ENDPOINT_TYPE
                        : Errors.UNSUPPORTED_ENDPOINT_TYPE;
        return new DescribeClusterResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(
                        "endpoint type "
                                + type
                                + " was asked for; this port serves brokers (1) only, use"
                                + " bootstrap.servers");
    }
}
