package io.mlog.groups.api;

import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListGroupsRequest;

/**
 * The answers of a broker that coordinates no group: it lists none, and sends everybody else to
 * look for the coordinator. It has no state and no threads.
 */
public final class NoGroups {
    private NoGroups() {}

    /**
     * Answers a request.
     *
     * @throws io.mlog.model.MlogException INVALID_REQUEST when it cannot be read
     */
    public static ByteBuffer handle(GroupRequest request) {
        ParsedRequest parsed = ParsedRequest.of(request);
        return parsed.write(answer(parsed));
    }

    private static ApiMessage answer(ParsedRequest request) {
        return request.message() instanceof ListGroupsRequest
                ? new ListGroupsResponseData()
                : request.refusal(Errors.NOT_COORDINATOR);
    }
}
