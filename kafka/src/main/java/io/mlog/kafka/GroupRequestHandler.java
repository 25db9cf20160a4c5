package io.mlog.kafka;

import io.mlog.model.MlogException;
import io.mlog.services.GroupApi;
import io.mlog.services.GroupCaller;
import io.mlog.services.GroupRequest;
import io.mlog.services.GroupService;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * One of the APIs about groups: passes the request's bytes to the group's coordinator, and its
 * answer back. The request is read here all the same, by the bounds of every other request, so that
 * the coordinator sees only what those let through.
 */
final class GroupRequestHandler implements ApiHandler<byte[]> {
    /**
     * Most protocols of a JoinGroup, and topics of an OffsetDelete: if all collide, reading them
     * takes some ten milliseconds.
     */
    private static final int MAX_HASHED = 256;

    private final ApiVersionRange versions;
    private final ApiKeys api;
    private final GroupService groups;

    GroupRequestHandler(GroupApi answered, GroupService groups) {
        this.api = ApiKeys.forId(answered.key());
        this.versions = ApiVersionRange.of(api, answered.minVersion(), answered.maxVersion());
        this.groups = groups;
    }

    @Override
    public ApiVersionRange versions() {
        return versions;
    }

    @Override
    public int maxOfFirstArray() {
        return api == ApiKeys.JOIN_GROUP || api == ApiKeys.OFFSET_DELETE
                ? MAX_HASHED
                : Integer.MAX_VALUE;
    }

    /**
     * The bytes, copied: the frame is borrowed, and its owner goes on before the coordinator does.
     */
    @Override
    public byte[] parse(Readable request, short version) {
        Readable unread = request.slice();
        byte[] body = unread.readArray(unread.remaining());
        api.messageType.newRequest().read(request, version);
        return body;
    }

    @Override
    public void answer(byte[] request, Call call) {
        GroupCaller caller =
                new GroupCaller(call.clientId(), call.connection().remoteAddress().host());
        CompletableFuture<ByteBuffer> response =
                groups.handle(
                        new GroupRequest(
                                versions.key(), call.version(), ByteBuffer.wrap(request), caller));
        response.whenComplete((body, failure) -> call.guard(() -> reply(body, failure, call)));
    }

    /** Only what cannot be read has no answer. */
    private static void reply(@Nullable ByteBuffer body, @Nullable Throwable failure, Call call) {
        if (body != null) {
            call.replyBody(body);
        } else if (cause(failure) instanceof MlogException refusal) {
            call.close(refusal.reason());
        } else {
            throw new IllegalStateException("the group coordinator failed", cause(failure));
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
