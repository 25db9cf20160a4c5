package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that would cost more than they are worth. */
final class HostileRequestTest {
    private final GroupsBroker broker = GroupsBroker.leading();

    @AfterEach
    void close() {
        broker.close();
    }

    private void refused(ApiKeys key, int version, ApiMessage request, String why) {
        assertThatThrownBy(() ->
                        GroupsBroker.await(
                                broker.groups.handle(GroupsBroker.request(key, version, request))))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(why);
    }

    @Test
    void joinWithVeryManyProtocolsIsRefused() {
        JoinGroupRequestData request =
                new JoinGroupRequestData().setGroupId("g").setProtocolType("consumer");
        for (int protocol = 0; protocol <= 100; protocol++) {
            request.protocols().add(new JoinGroupRequestProtocol().setName("p" + protocol));
        }
        refused(ApiKeys.JOIN_GROUP, 9, request, "a request of this kind may have 100");
    }

    @Test
    void requestOfVeryManyElementsIsRefused() {
        List<String> groups = IntStream.rangeClosed(0, 10_000).mapToObj(Integer::toString).toList();
        refused(
                ApiKeys.DESCRIBE_GROUPS,
                6,
                new DescribeGroupsRequestData().setGroups(groups),
                "10001 elements behind 0 others, a request of this kind may have 10000");
    }

    @Test
    void requestThatFitsIntoNoRecordIsRefused() {
        SyncGroupRequestData request =
                new SyncGroupRequestData()
                        .setGroupId("g")
                        .setAssignments(
                                List.of(
                                        new SyncGroupRequestAssignment()
                                                .setAssignment(new byte[3 << 20])));
        refused(ApiKeys.SYNC_GROUP, 5, request, "it may have 2097152");
    }

    /** In Kafka's hash table these would take hours; its classes could not read the answer. */
    @Test
    @Timeout(20)
    void groupsWithEqualHashesAreDeletedInNoTime() {
        List<String> names = equalHashes(9_999);
        ByteBuffer answer =
                GroupsBroker.await(
                        broker.groups.handle(
                                GroupsBroker.request(
                                        ApiKeys.DELETE_GROUPS,
                                        2,
                                        new DeleteGroupsRequestData().setGroupsNames(names))));
        assertThat(answer.remaining()).isGreaterThan(names.size() * names.getFirst().length());
    }

    @Test
    @Timeout(20)
    void offsetsOfTopicsWithEqualHashesAreDeletedInNoTime() {
        ByteBuffer body = ByteBuffer.allocate(1 << 20).putShort((short) 1).put((byte) 'g');
        List<String> names = equalHashes(4_000);
        body.putInt(names.size());
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            body.putShort((short) bytes.length).put(bytes).putInt(1).putInt(1 << 20);
        }
        ByteBuffer answer =
                GroupsBroker.await(
                        broker.groups.handle(
                                new GroupRequest(
                                        ApiKeys.OFFSET_DELETE.id,
                                        (short) 0,
                                        body.flip(),
                                        GroupsBroker.CALLER)));
        assertThat(answer.remaining()).isGreaterThan(names.size() * names.getFirst().length());
    }

    /** {@code Aa} and {@code BB} have the same hash, and so has whatever is made of them. */
    private static List<String> equalHashes(int count) {
        List<String> names = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.add(name.toString());
        }
        assertThat(names.getFirst().hashCode()).isEqualTo(names.getLast().hashCode());
        return names;
    }
}
