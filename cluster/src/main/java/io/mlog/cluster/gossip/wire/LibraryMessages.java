package io.mlog.cluster.gossip.wire;

import io.mlog.cluster.gossip.wire.Packet.Ping;
import io.mlog.cluster.gossip.wire.Packet.Presence;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Step;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Packet.TagsAnswer;
import io.mlog.cluster.gossip.wire.Packet.TagsRequest;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.model.HostPort;
import io.scalecube.cluster.Member;
import io.scalecube.cluster.fdetector.FailureDetectorImpl;
import io.scalecube.cluster.gossip.GossipProtocolImpl;
import io.scalecube.cluster.membership.MemberStatus;
import io.scalecube.cluster.membership.MembershipProtocolImpl;
import io.scalecube.cluster.metadata.MetadataStoreImpl;
import io.scalecube.cluster.transport.api.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between our packets and the library's messages. The types of the library's data are hidden in its
 * packages; they are taken apart and put together by their own {@link java.io.Externalizable}
 * methods, whose order of fields this class knows.
 */
final class LibraryMessages {
    private static final HiddenType PING = HiddenType.named("fdetector.PingData");
    private static final HiddenType PRESENCE = HiddenType.named("fdetector.PingData$AckType");
    private static final Object THERE = PRESENCE.constant("DEST_OK");
    private static final Object GONE = PRESENCE.constant("DEST_GONE");
    private static final HiddenType RECORD = HiddenType.named("membership.MembershipRecord");
    private static final HiddenType SYNC = HiddenType.named("membership.SyncData");
    private static final HiddenType GOSSIP = HiddenType.named("gossip.Gossip");
    private static final HiddenType RUMOUR = HiddenType.named("gossip.GossipRequest");
    private static final HiddenType TAGS_REQUEST = HiddenType.named("metadata.GetMetadataRequest");
    private static final HiddenType TAGS_ANSWER = HiddenType.named("metadata.GetMetadataResponse");

    private LibraryMessages() {}

    static Message message(Letter letter) {
        return switch (letter.packet()) {
            case Ping ping -> message(letter, qualifier(ping.step()), pingData(ping));
            case Sync sync ->
                    message(
                            letter,
                            sync.isAnswer()
                                    ? MembershipProtocolImpl.SYNC_ACK
                                    : MembershipProtocolImpl.SYNC,
                            syncData(sync));
            case Rumour rumour ->
                    message(letter, GossipProtocolImpl.GOSSIP_REQ, rumourData(rumour));
            case TagsRequest request ->
                    message(
                            letter,
                            MetadataStoreImpl.GET_METADATA_REQ,
                            TAGS_REQUEST.of(member(request.of())));
            case TagsAnswer answer ->
                    message(
                            letter,
                            MetadataStoreImpl.GET_METADATA_RESP,
                            TAGS_ANSWER.of(
                                    member(answer.of()), answer.tags().length, answer.tags()));
        };
    }

    /** The packet in a message that the library sends. */
    static Packet packet(Message message) {
        return switch (message.qualifier()) {
            case FailureDetectorImpl.PING -> ping(Step.ASK, message);
            case FailureDetectorImpl.PING_REQ -> ping(Step.ASK_FOR_ME, message);
            case FailureDetectorImpl.PING_ACK -> ping(Step.ANSWER, message);
            case MembershipProtocolImpl.SYNC -> sync(false, message);
            case MembershipProtocolImpl.SYNC_ACK -> sync(true, message);
            case GossipProtocolImpl.GOSSIP_REQ -> rumour(message);
            case MetadataStoreImpl.GET_METADATA_REQ ->
                    new TagsRequest(boot(TAGS_REQUEST.fieldsOf(message.data()).getFirst()));
            case MetadataStoreImpl.GET_METADATA_RESP -> {
                List<@Nullable Object> fields = TAGS_ANSWER.fieldsOf(message.data());
                yield new TagsAnswer(boot(fields.getFirst()), (byte[]) present(fields.get(2)));
            }
            default ->
                    throw new IllegalArgumentException(
                            "the library sent a message that we do not know: "
                                    + message.qualifier());
        };
    }

    private static Message message(Letter letter, String qualifier, Object data) {
        Message.Builder builder =
                Message.withData(data).qualifier(qualifier).sender(letter.sender().toString());
        if (!letter.correlation().isEmpty()) {
            builder.correlationId(letter.correlation());
        }
        return builder.build();
    }

    private static String qualifier(Step step) {
        return switch (step) {
            case ASK -> FailureDetectorImpl.PING;
            case ASK_FOR_ME -> FailureDetectorImpl.PING_REQ;
            case ANSWER -> FailureDetectorImpl.PING_ACK;
        };
    }

    private static Object pingData(Ping ping) {
        return PING.of(
                member(ping.from()),
                member(ping.to()),
                ping.issuer().map(LibraryMessages::member).orElse(null),
                ping.answer().map(LibraryMessages::presence).orElse(null));
    }

    private static Ping ping(Step step, Message message) {
        List<@Nullable Object> fields = PING.fieldsOf(message.data());
        return new Ping(
                step,
                boot(fields.get(0)),
                boot(fields.get(1)),
                Optional.ofNullable(fields.get(2)).map(LibraryMessages::boot),
                Optional.ofNullable(fields.get(3)).map(LibraryMessages::presence));
    }

    private static Object presence(Presence presence) {
        return switch (presence) {
            case THERE -> THERE;
            case GONE -> GONE;
        };
    }

    private static Presence presence(Object answer) {
        return answer.equals(THERE) ? Presence.THERE : Presence.GONE;
    }

    private static Object syncData(Sync sync) {
        List<@Nullable Object> fields = new ArrayList<>();
        fields.add(sync.sightings().size());
        sync.sightings().forEach(sighting -> fields.add(recordData(sighting)));
        return SYNC.of(fields.toArray());
    }

    private static Sync sync(boolean isAnswer, Message message) {
        List<@Nullable Object> fields = SYNC.fieldsOf(message.data());
        return new Sync(
                isAnswer,
                fields.subList(1, fields.size()).stream().map(LibraryMessages::sighting).toList());
    }

    private static Object rumourData(Rumour rumour) {
        Message news =
                Message.withData(recordData(rumour.sighting()))
                        .qualifier(MembershipProtocolImpl.MEMBERSHIP_GOSSIP)
                        .build();
        return RUMOUR.of(
                1, GOSSIP.of(rumour.origin(), news, rumour.sequence()), rumour.passedOnBy());
    }

    /** The library tells one piece of news at a time, and no other than about members. */
    private static Rumour rumour(Message message) {
        List<@Nullable Object> fields = RUMOUR.fieldsOf(message.data());
        List<@Nullable Object> gossip = GOSSIP.fieldsOf(present(fields.get(1)));
        Message news = (Message) present(gossip.get(1));
        return new Rumour(
                (String) present(gossip.get(0)),
                (Long) present(gossip.get(2)),
                (String) present(fields.get(2)),
                sighting(news.data()));
    }

    private static Object recordData(Sighting sighting) {
        return RECORD.of(
                member(sighting.boot()),
                MemberStatus.valueOf(sighting.status().name()),
                sighting.incarnation());
    }

    private static Sighting sighting(@Nullable Object data) {
        List<@Nullable Object> fields = RECORD.fieldsOf(present(data));
        return new Sighting(
                boot(fields.get(0)),
                Status.valueOf(((MemberStatus) present(fields.get(1))).name()),
                (Integer) present(fields.get(2)));
    }

    private static Member member(Boot boot) {
        return new Member(
                boot.id(), boot.nodeId(), boot.address().toString(), GossipTransport.NAMESPACE);
    }

    private static Boot boot(@Nullable Object data) {
        Member member = (Member) present(data);
        return Boot.parse(member.id(), HostPort.parse(member.address()));
    }

    private static Object present(@Nullable Object field) {
        return Objects.requireNonNull(field, "the library left out a field");
    }
}
