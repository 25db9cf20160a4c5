package io.mlog.cluster.raft;

import io.mlog.cluster.raft.RaftFileContent.Damaged;
import io.mlog.cluster.raft.RaftFileContent.Entry;
import io.mlog.cluster.raft.RaftFileContent.Matter;
import io.mlog.core.metadata.CommandCodec;
import io.mlog.core.metadata.ImageCodec;
import io.mlog.core.metadata.MetadataFormatException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

/** Reads the files of the metadata log for people. Reads only; one thread; blocks. */
public final class RaftFileReader {
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);

    /** Far more than an image that a node could hold. */
    private static final long MOST_BYTES = OpenSegmentTail.MOST_FILE_BYTES;

    private RaftFileReader() {}

    /**
     * Hands over what is in the file, in order, and ends with the first damage.
     *
     * @throws IOException when it cannot be read
     */
    public static void read(RaftFile file, Consumer<RaftFileContent> visitor) throws IOException {
        ByteBuffer bytes = bytes(file.path(), visitor);
        if (bytes == null) {
            return;
        }
        switch (file) {
            case RaftFile.Log log -> readLog(log, bytes, visitor);
            case RaftFile.Snapshot _ -> readImage(bytes, visitor);
            case RaftFile.SnapshotSum _ ->
                    visitor.accept(new RaftFileContent.Fields(Map.of("md5", text(bytes).strip())));
            case RaftFile.Vote _ -> visitor.accept(properties(text(bytes)));
            case RaftFile.LastVoters _ -> readVoters(bytes, visitor);
        }
    }

    private static @Nullable ByteBuffer bytes(Path file, Consumer<RaftFileContent> visitor)
            throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            visitor.accept(
                    new Damaged(0, "at most " + MOST_BYTES + " bytes", size + " bytes", false));
            return null;
        }
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    private static void readLog(
            RaftFile.Log log, ByteBuffer bytes, Consumer<RaftFileContent> visitor) {
        if (bytes.limit() == 0 && log.open()) {
            return;
        }
        if (!bytes.slice(0, Math.min(HEADER.length, bytes.limit()))
                .equals(ByteBuffer.wrap(HEADER))) {
            boolean torn = log.open() && OpenSegmentTail.isZero(bytes, 0);
            visitor.accept(new Damaged(0, "RaftLog1", "another beginning", torn));
            return;
        }
        int at = HEADER.length;
        long index = log.firstIndex();
        for (int size = OpenSegmentTail.entryAt(bytes, at);
                size > 0;
                size = OpenSegmentTail.entryAt(bytes, at)) {
            LogEntryProto entry = entry(bytes, at, size, visitor);
            if (entry == null) {
                return;
            }
            if (entry.getIndex() != index) {
                visitor.accept(
                        new Damaged(at, "entry " + index, "entry " + entry.getIndex(), false));
                return;
            }
            visitor.accept(new Entry(at, size, entry.getTerm(), index, matter(entry)));
            at += size;
            index++;
        }
        if (!log.open() && index != log.lastIndex() + 1) {
            visitor.accept(
                    new Damaged(
                            at,
                            "entries up to " + log.lastIndex(),
                            "the last is " + (index - 1),
                            false));
        } else if (!OpenSegmentTail.isZero(bytes, at)) {
            int later = OpenSegmentTail.wholeBehind(bytes, at);
            visitor.accept(
                    new Damaged(
                            at,
                            "entry " + index + " with a good checksum",
                            (bytes.limit() - at) + " bytes that begin with none",
                            log.open() && later == 0));
        }
    }

    private static @Nullable LogEntryProto entry(
            ByteBuffer bytes, int at, int size, Consumer<RaftFileContent> visitor) {
        int begin = at;
        while (bytes.get(begin++) < 0) {
            // the length in front, whose last byte is not negative
        }
        int end = at + size - OpenSegmentTail.CRC_BYTES;
        try {
            return LogEntryProto.parseFrom(bytes.slice(begin, end - begin));
        } catch (InvalidProtocolBufferException e) {
            visitor.accept(new Damaged(at, "a log entry", String.valueOf(e.getMessage()), false));
            return null;
        }
    }

    private static Matter matter(LogEntryProto entry) {
        return switch (entry.getLogEntryBodyCase()) {
            case STATEMACHINELOGENTRY -> command(entry);
            case CONFIGURATIONENTRY ->
                    new Matter.Configuration(names(entry.getConfigurationEntry()));
            case METADATAENTRY -> new Matter.Committed(entry.getMetadataEntry().getCommitIndex());
            case LOGENTRYBODY_NOT_SET -> new Matter.Unknown("the entry is empty");
        };
    }

    private static Matter command(LogEntryProto entry) {
        try {
            return new Matter.Command(
                    CommandCodec.decode(
                            entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer()));
        } catch (MetadataFormatException e) {
            return new Matter.Unknown(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> names(RaftConfigurationProto voters) {
        return voters.getPeersList().stream()
                .map(peer -> peer.getId().toStringUtf8() + "@" + peer.getAddress())
                .toList();
    }

    private static void readImage(ByteBuffer bytes, Consumer<RaftFileContent> visitor) {
        try {
            visitor.accept(new RaftFileContent.Image(ImageCodec.decode(bytes)));
        } catch (MetadataFormatException e) {
            visitor.accept(
                    new Damaged(0, "a metadata snapshot", String.valueOf(e.getMessage()), false));
        }
    }

    private static void readVoters(ByteBuffer bytes, Consumer<RaftFileContent> visitor) {
        try {
            LogEntryProto entry = LogEntryProto.parseFrom(bytes);
            visitor.accept(new RaftFileContent.Voters(names(entry.getConfigurationEntry())));
        } catch (InvalidProtocolBufferException e) {
            visitor.accept(new Damaged(0, "voters", String.valueOf(e.getMessage()), false));
        }
    }

    private static RaftFileContent properties(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            return new Damaged(0, "term and votedFor", String.valueOf(e.getMessage()), false);
        }
        Map<String, String> fields = new HashMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> fields.put(name, properties.getProperty(name)));
        return fields.containsKey("term")
                ? new RaftFileContent.Fields(fields)
                : new Damaged(0, "term and votedFor", "neither", false);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
