package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.services.BrokerService;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Readable;

/**
 * ApiVersions: tells exactly the ranges of the handlers, and no features. A version we do not know
 * is answered in version 0 with error 35 and our range, from which every client tries again.
 */
final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequestData> {
    static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.API_VERSIONS, 0, 5);

    private static final int FIRST_WITH_SOFTWARE = 3;
    private static final int MAX_SOFTWARE_LENGTH = 100;

    /** Kafka's rule for both texts (KIP-511). */
    private static final Pattern SOFTWARE =
            Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final BrokerService broker;
    private final List<ApiVersionRange> ranges;

    /** Tells {@code others} and itself. */
    ApiVersionsHandler(BrokerService broker, Collection<ApiVersionRange> others) {
        this.broker = broker;
        TreeMap<Short, ApiVersionRange> byKey = new TreeMap<>();
        others.forEach(range -> byKey.put(range.key(), range));
        byKey.put(VERSIONS.key(), VERSIONS);
        this.ranges = List.copyOf(byKey.values());
    }

    /** What is told, by key. */
    List<ApiVersionRange> ranges() {
        return ranges;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public ApiVersionsRequestData parse(Readable request, short version) {
        return new ApiVersionsRequestData(request, version);
    }

    @Override
    public void answer(ApiVersionsRequestData request, Call call) {
        if (call.version() >= FIRST_WITH_SOFTWARE) {
            String name = request.clientSoftwareName();
            String version = request.clientSoftwareVersion();
            if (!names(name) || !names(version)) {
                call.reply(
                        new ApiVersionsResponseData()
                                .setErrorCode(ErrorCode.INVALID_REQUEST.kafkaCode()));
                return;
            }
            call.connection().clientSoftware(name, version);
        }
        if (meansAnotherBroker(request)) {
            call.reply(
                    new ApiVersionsResponseData().setErrorCode(Errors.REBOOTSTRAP_REQUIRED.code()));
            return;
        }
        call.reply(new ApiVersionsResponseData().setApiKeys(versionsTold()));
    }

    /** The answer to a version that is not ours: body of version 0 with error 35. */
    static void answerUnknownVersion(Call call) {
        ByteBuffer body = ByteBuffer.allocate(12);
        body.putShort(ErrorCode.UNSUPPORTED_VERSION.kafkaCode()).putInt(1);
        body.putShort(VERSIONS.key())
                .putShort(VERSIONS.minVersion())
                .putShort(VERSIONS.maxVersion());
        call.replyBody(body.flip());
    }

    private ApiVersionCollection versionsTold() {
        ApiVersionCollection told = new ApiVersionCollection(ranges.size());
        for (ApiVersionRange range : ranges) {
            told.add(
                    new ApiVersion()
                            .setApiKey(range.key())
                            .setMinVersion(range.minVersion())
                            .setMaxVersion(range.maxVersion()));
        }
        return told;
    }

    /** Whether the client, by version 5, meant a broker that we are not (KIP-1242). */
    private boolean meansAnotherBroker(ApiVersionsRequestData request) {
        return request.clusterId() != null
                && request.nodeId() >= 0
                && !(request.clusterId().equals(broker.clusterId())
                        && request.nodeId() == broker.brokerId());
    }

    private static boolean names(String software) {
        return software.length() <= MAX_SOFTWARE_LENGTH && SOFTWARE.matcher(software).matches();
    }
}
