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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Letters as bytes. Written by hand, so that nothing can be named on the wire but what is listed
 * here.
 *
 * <table>
 * <caption>A letter; a text is two bytes of length and UTF-8 as {@link DataOutputStream} writes it
 * </caption>
 * <tr><td>1 byte</td><td>{@link #VERSION}</td></tr>
 * <tr><td>text</td><td>cluster id of the sender, at most 100 visible characters</td></tr>
 * <tr><td>text, 2 bytes</td><td>host and port of the sender</td></tr>
 * <tr><td>text</td><td>correlation, at most 100 visible characters</td></tr>
 * <tr><td>1 byte</td><td>kind: 1 ping, 2 sync, 3 rumour, 4 request for tags, 5 tags</td></tr>
 * <tr><td>rest</td><td>the fields of the {@link Packet} in order: a choice is a byte, a list has four
 * bytes of size before it, an optional one byte, a boot is its id and its address</td></tr>
 * </table>
 */
final class LetterCodec {
    static final int VERSION = 1;

    private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7E]{0,100}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");

    private static final int PING = 1;
    private static final int SYNC = 2;
    private static final int RUMOUR = 3;
    private static final int TAGS_REQUEST = 4;
    private static final int TAGS_ANSWER = 5;

    private LetterCodec() {}

    static byte[] encode(Letter letter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeUTF(letter.clusterId());
        writeAddress(out, letter.sender());
        out.writeUTF(letter.correlation());
        writePacket(out, letter.packet());
        return bytes.toByteArray();
    }

    /**
     * Reads a letter.
     *
     * @throws IOException for anything that {@link #encode} would not write
     */
    static Letter decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IOException("a letter of version " + version);
            }
            Letter letter = new Letter(readText(in), readAddress(in), readText(in), readPacket(in));
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return letter;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void writePacket(DataOutputStream out, Packet packet) throws IOException {
        switch (packet) {
            case Ping ping -> {
                out.writeByte(PING);
                out.writeByte(ping.step().number());
                writeBoot(out, ping.from());
                writeBoot(out, ping.to());
                out.writeBoolean(ping.issuer().isPresent());
                if (ping.issuer().isPresent()) {
                    writeBoot(out, ping.issuer().get());
                }
                out.writeBoolean(ping.answer().isPresent());
                if (ping.answer().isPresent()) {
                    out.writeByte(ping.answer().get().number());
                }
            }
            case Sync sync -> {
                out.writeByte(SYNC);
                out.writeBoolean(sync.isAnswer());
                out.writeInt(sync.sightings().size());
                for (Sighting sighting : sync.sightings()) {
                    writeSighting(out, sighting);
                }
            }
            case Rumour rumour -> {
                out.writeByte(RUMOUR);
                out.writeUTF(rumour.origin());
                out.writeLong(rumour.sequence());
                out.writeUTF(rumour.passedOnBy());
                writeSighting(out, rumour.sighting());
            }
            case TagsRequest request -> {
                out.writeByte(TAGS_REQUEST);
                writeBoot(out, request.of());
            }
            case TagsAnswer answer -> {
                out.writeByte(TAGS_ANSWER);
                writeBoot(out, answer.of());
                out.writeInt(answer.tags().length);
                out.write(answer.tags());
            }
        }
    }

    private static Packet readPacket(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case PING ->
                    new Ping(
                            readEnum(in, Step.values()),
                            readBoot(in),
                            readBoot(in),
                            in.readBoolean() ? Optional.of(readBoot(in)) : Optional.empty(),
                            in.readBoolean()
                                    ? Optional.of(readEnum(in, Presence.values()))
                                    : Optional.empty());
            case SYNC -> new Sync(in.readBoolean(), readSightings(in));
            case RUMOUR -> new Rumour(readText(in), in.readLong(), readText(in), readSighting(in));
            case TAGS_REQUEST -> new TagsRequest(readBoot(in));
            case TAGS_ANSWER -> new TagsAnswer(readBoot(in), readBytes(in));
            default -> throw new IOException("a packet of kind " + kind);
        };
    }

    private static void writeSighting(DataOutputStream out, Sighting sighting) throws IOException {
        writeBoot(out, sighting.boot());
        out.writeByte(sighting.status().number());
        out.writeInt(sighting.incarnation());
    }

    private static Sighting readSighting(DataInputStream in) throws IOException {
        return new Sighting(readBoot(in), readEnum(in, Status.values()), in.readInt());
    }

    private static List<Sighting> readSightings(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > Sync.MOST_SIGHTINGS) {
            throw new IOException(size + " members at once");
        }
        List<Sighting> sightings = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            sightings.add(readSighting(in));
        }
        return sightings;
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > in.available()) {
            throw new IOException("tags of %d bytes, %d are there".formatted(size, in.available()));
        }
        return in.readNBytes(size);
    }

    private static void writeBoot(DataOutputStream out, Boot boot) throws IOException {
        out.writeUTF(boot.id());
        writeAddress(out, boot.address());
    }

    private static Boot readBoot(DataInputStream in) throws IOException {
        return Boot.parse(in.readUTF(), readAddress(in));
    }

    private static void writeAddress(DataOutputStream out, HostPort address) throws IOException {
        out.writeUTF(address.host());
        out.writeShort(address.port());
    }

    private static HostPort readAddress(DataInputStream in) throws IOException {
        String host = in.readUTF();
        if (!HOST.matcher(host).matches()) {
            throw new IOException("a host name of another form");
        }
        return new HostPort(host, in.readUnsignedShort());
    }

    private static String readText(DataInputStream in) throws IOException {
        String text = in.readUTF();
        if (!TEXT.matcher(text).matches()) {
            throw new IOException("a text of " + text.length() + " characters, or invisible ones");
        }
        return text;
    }

    private static <E extends Numbered> E readEnum(DataInputStream in, E[] values)
            throws IOException {
        int number = in.readUnsignedByte();
        for (E value : values) {
            if (value.number() == number) {
                return value;
            }
        }
        throw new IOException("choice %d of %d".formatted(number, values.length));
    }
}
