package io.mlog.cluster.raft.rpc;

import io.mlog.cluster.raft.rpc.QuorumReply.Committed;
import io.mlog.cluster.raft.rpc.QuorumReply.Leader;
import io.mlog.cluster.raft.rpc.QuorumReply.Leads;
import io.mlog.cluster.raft.rpc.QuorumReply.Outcomes;
import io.mlog.cluster.raft.rpc.QuorumReply.TryLater;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Our own calls as bytes: numbers big-endian, texts as {@link DataOutputStream#writeUTF}, byte
 * strings and lists behind 4 bytes of length.
 *
 * <table>
 * <caption>Contents of frames</caption>
 * <tr><td>every request</td><td>group (16 bytes), receiver (text), then:</td></tr>
 * <tr><td>SUBMIT</td><td>client (16), term (8), timeout in ms (4), list of call id (8) and
 * command</td></tr>
 * <tr><td>CATCH_UP</td><td>timeout in ms (4)</td></tr>
 * <tr><td>WHO_LEADS</td><td>nothing</td></tr>
 * <tr><td>every reply</td><td>its kind (1), then:</td></tr>
 * <tr><td>1, outcomes</td><td>list of: 1 applied, index (8), result; 2 untaken, reason; 3
 * refused, code and sentence; 4 unknown, reason</td></tr>
 * <tr><td>2, committed</td><td>index (8)</td></tr>
 * <tr><td>3, leads</td><td>term (8), whether a leader is known (1), its id, host and port
 * (4)</td></tr>
 * <tr><td>4, try later</td><td>reason</td></tr>
 * </table>
 */
final class QuorumCodec {
    private static final int OUTCOMES = 1;
    private static final int COMMITTED = 2;
    private static final int LEADS = 3;
    private static final int TRY_LATER = 4;

    private static final int APPLIED = 1;
    private static final int UNTAKEN = 2;
    private static final int REFUSED = 3;
    private static final int UNKNOWN = 4;

    private static final int LONGEST_TEXT = 10_000;

    private QuorumCodec() {}

    /** Whom a request is meant for. */
    record Receiver(UUID group, PeerId peer) {
        void writeTo(DataOutputStream out) throws IOException {
            putUuid(group, out);
            out.writeUTF(peer.toString());
        }

        /** Fails unless the request is meant for this node. */
        void check(DataInputStream in) throws IOException {
            UUID wantedGroup = takeUuid(in);
            String wanted = in.readUTF();
            if (!wantedGroup.equals(group) || !wanted.equals(peer.toString())) {
                throw new IOException(
                        "this is node %s%s and not %s"
                                .formatted(
                                        peer,
                                        wantedGroup.equals(group) ? "" : " of another cluster",
                                        wanted));
            }
        }
    }

    static void put(ForwardedCommands request, DataOutputStream out) throws IOException {
        putUuid(request.client(), out);
        out.writeLong(request.term());
        out.writeInt(request.timeoutMs());
        out.writeInt(request.commands().size());
        for (ForwardedCommands.Command each : request.commands()) {
            out.writeLong(each.callId());
            put(each.bytes(), out);
        }
    }

    static ForwardedCommands takeCommands(DataInputStream in) throws IOException {
        UUID client = takeUuid(in);
        long term = in.readLong();
        int timeoutMs = in.readInt();
        int count = takeCount(in, ForwardedCommands.MOST);
        List<ForwardedCommands.Command> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            commands.add(new ForwardedCommands.Command(in.readLong(), takeBytes(in)));
        }
        return new ForwardedCommands(client, term, timeoutMs, commands);
    }

    static void put(QuorumReply reply, DataOutputStream out) throws IOException {
        switch (reply) {
            case Outcomes(var outcomes) -> {
                out.writeByte(OUTCOMES);
                out.writeInt(outcomes.size());
                for (CommandOutcome each : outcomes) {
                    put(each, out);
                }
            }
            case Committed(long index) -> {
                out.writeByte(COMMITTED);
                out.writeLong(index);
            }
            case Leads(long term, var leader) -> {
                out.writeByte(LEADS);
                out.writeLong(term);
                out.writeBoolean(leader.isPresent());
                if (leader.isPresent()) {
                    out.writeUTF(leader.get().peer().toString());
                    out.writeUTF(leader.get().address().host());
                    out.writeInt(leader.get().address().port());
                }
            }
            case TryLater(String reason) -> {
                out.writeByte(TRY_LATER);
                putText(reason, out);
            }
        }
    }

    static QuorumReply takeReply(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case OUTCOMES -> {
                int count = takeCount(in, ForwardedCommands.MOST);
                List<CommandOutcome> outcomes = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    outcomes.add(takeOutcome(in));
                }
                yield new Outcomes(outcomes);
            }
            case COMMITTED -> new Committed(in.readLong());
            case LEADS -> new Leads(in.readLong(), takeLeader(in));
            case TRY_LATER -> new TryLater(in.readUTF());
            default -> throw new IOException("there is no reply of kind " + kind);
        };
    }

    private static Optional<Leader> takeLeader(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Leader(
                            PeerId.parse(in.readUTF()), new HostPort(in.readUTF(), in.readInt())));
        } catch (IllegalArgumentException e) {
            throw new IOException("a leader that is none: " + e.getMessage(), e);
        }
    }

    private static void put(CommandOutcome outcome, DataOutputStream out) throws IOException {
        switch (outcome) {
            case CommandOutcome.Applied(long index, ByteString result) -> {
                out.writeByte(APPLIED);
                out.writeLong(index);
                put(result, out);
            }
            case CommandOutcome.Untaken(String reason) -> {
                out.writeByte(UNTAKEN);
                putText(reason, out);
            }
            case CommandOutcome.Refused(ErrorCode code, String sentence) -> {
                out.writeByte(REFUSED);
                out.writeUTF(code.name());
                putText(sentence, out);
            }
            case CommandOutcome.Unknown(String reason) -> {
                out.writeByte(UNKNOWN);
                putText(reason, out);
            }
        }
    }

    private static CommandOutcome takeOutcome(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case APPLIED -> new CommandOutcome.Applied(in.readLong(), takeBytes(in));
            case UNTAKEN -> new CommandOutcome.Untaken(in.readUTF());
            case REFUSED -> new CommandOutcome.Refused(takeCode(in), in.readUTF());
            case UNKNOWN -> new CommandOutcome.Unknown(in.readUTF());
            default -> throw new IOException("there is no outcome of kind " + kind);
        };
    }

    private static ErrorCode takeCode(DataInputStream in) throws IOException {
        String name = in.readUTF();
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException newer) {
            return ErrorCode.UNKNOWN_SERVER_ERROR;
        }
    }

    private static void putText(String text, DataOutputStream out) throws IOException {
        out.writeUTF(text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
    }

    private static void put(ByteString bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.size());
        bytes.writeTo(out);
    }

    private static ByteString takeBytes(DataInputStream in) throws IOException {
        return ByteString.copyFrom(in.readNBytes(takeCount(in, in.available())));
    }

    private static int takeCount(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException("a count of " + count + ", allowed are 0 to " + most);
        }
        return count;
    }

    private static void putUuid(UUID uuid, DataOutputStream out) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID takeUuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
