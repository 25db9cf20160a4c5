package io.mlog.cli.train;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What members of consumer groups ask over a {@link KafkaTalk}, in both protocols of groups. Owned
 * by one thread.
 */
final class GroupTalk {
    private static final int SESSION_MS = 10_000;
    private static final int MEMBER_ID_REQUIRED = 79;
    private static final int LEAVES = -1;
    private static final int NO_BYTES = -1;

    /** Of most answers: a throttle time comes first. */
    private static final int ERROR_AT = Integer.BYTES;

    private final KafkaTalk talk;
    private final String group;

    GroupTalk(KafkaTalk talk, String group) {
        this.talk = talk;
        this.group = group;
    }

    /** Finds the coordinator, which creates what groups need when this is the first. */
    void findCoordinator() throws IOException {
        ByteBuffer answer =
                talk.ask(
                        10,
                        2,
                        body -> {
                            KafkaTalk.string(body, group);
                            body.writeByte(0);
                        });
        KafkaTalk.expectNoError("FindCoordinator", answer, ERROR_AT);
    }

    /** Joins, takes partition 0 of {@code topic}, commits, reads what it committed, and leaves. */
    void classicMember(String topic) throws IOException {
        String member = memberId(join("", topic), MEMBER_ID_REQUIRED);
        ByteBuffer joined = join(member, topic);
        memberId(joined, 0);
        int generation = joined.getInt(ERROR_AT + Short.BYTES);
        KafkaTalk.expectNoError("SyncGroup", sync(generation, member, topic), ERROR_AT);
        KafkaTalk.expectNoError("Heartbeat", heartbeat(generation, member), ERROR_AT);
        ByteBuffer committed = commit(topic, generation, member);
        KafkaTalk.expectNoError(
                "OffsetCommit", committed, 4 * Integer.BYTES + KafkaTalk.stringBytes(topic));
        fetchOffset(topic);
        ByteBuffer left =
                talk.ask(
                        13,
                        2,
                        body -> {
                            KafkaTalk.string(body, group);
                            KafkaTalk.string(body, member);
                        });
        KafkaTalk.expectNoError("LeaveGroup", left, ERROR_AT);
    }

    private ByteBuffer join(String member, String topic) throws IOException {
        return talk.ask(
                11,
                4,
                body -> {
                    KafkaTalk.string(body, group);
                    body.writeInt(SESSION_MS);
                    body.writeInt(SESSION_MS);
                    KafkaTalk.string(body, member);
                    KafkaTalk.string(body, "consumer");
                    body.writeInt(1);
                    KafkaTalk.string(body, "range");
                    bytes(
                            body,
                            subscription -> {
                                subscription.writeShort(0);
                                subscription.writeInt(1);
                                KafkaTalk.string(subscription, topic);
                                subscription.writeInt(NO_BYTES);
                            });
                });
    }

    private static String memberId(ByteBuffer joined, int expectedError) throws IOException {
        joined.position(ERROR_AT);
        int error = joined.getShort();
        if (error != expectedError) {
            throw new IOException("JoinGroup was answered with error " + error);
        }
        joined.getInt(); // generation
        takeString(joined); // protocol
        takeString(joined); // leader
        return takeString(joined);
    }

    private static String takeString(ByteBuffer answer) {
        byte[] bytes = new byte[answer.getShort()];
        answer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ByteBuffer sync(int generation, String member, String topic) throws IOException {
        return talk.ask(
                14,
                2,
                body -> {
                    inGeneration(body, generation, member);
                    body.writeInt(1);
                    KafkaTalk.string(body, member);
                    bytes(
                            body,
                            assignment -> {
                                assignment.writeShort(0);
                                KafkaTalk.onePartition(assignment, topic);
                                assignment.writeInt(NO_BYTES);
                            });
                });
    }

    /** What members tell each other, by way of the coordinator. */
    private static void bytes(DataOutputStream body, KafkaTalk.Body content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(new DataOutputStream(bytes));
        body.writeInt(bytes.size());
        bytes.writeTo(body);
    }

    private ByteBuffer heartbeat(int generation, String member) throws IOException {
        return talk.ask(12, 2, body -> inGeneration(body, generation, member));
    }

    private ByteBuffer commit(String topic, int generation, String member) throws IOException {
        return talk.ask(
                8,
                6,
                body -> {
                    inGeneration(body, generation, member);
                    KafkaTalk.onePartition(body, topic);
                    body.writeLong(1);
                    body.writeInt(-1); // no leader epoch
                    KafkaTalk.string(body, "");
                });
    }

    private void fetchOffset(String topic) throws IOException {
        talk.ask(
                9,
                5,
                body -> {
                    KafkaTalk.string(body, group);
                    KafkaTalk.onePartition(body, topic);
                });
    }

    private void inGeneration(DataOutputStream body, int generation, String member)
            throws IOException {
        KafkaTalk.string(body, group);
        body.writeInt(generation);
        KafkaTalk.string(body, member);
    }

    /** Joins a group of KIP-848 and leaves it. */
    void consumerMember(String topic) throws IOException {
        String member = UUID.randomUUID().toString();
        for (int epoch : new int[] {0, LEAVES}) {
            ByteBuffer answer =
                    talk.askFlexibly(68, 1, body -> consumerHeartbeat(body, member, epoch, topic));
            KafkaTalk.expectNoError("ConsumerGroupHeartbeat", answer, ERROR_AT);
        }
    }

    private void consumerHeartbeat(DataOutputStream body, String member, int epoch, String topic)
            throws IOException {
        compact(body, group);
        compact(body, member);
        body.writeInt(epoch);
        body.writeByte(0); // no instance
        body.writeByte(0); // no rack
        body.writeInt(SESSION_MS);
        body.writeByte(2); // one topic
        compact(body, topic);
        body.writeByte(0); // no pattern
        body.writeByte(0); // any assignor
        body.writeByte(1); // reads nothing so far
        body.writeByte(0); // no tagged fields
    }

    private static void compact(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(bytes.length + 1); // all of them are short
        out.write(bytes);
    }
}
