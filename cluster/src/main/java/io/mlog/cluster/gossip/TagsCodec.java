package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Boot;
import io.mlog.core.membership.Member;
import io.mlog.model.HostPort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/**
 * What a member says about itself, as bytes: {@link #VERSION}, then the fields of {@link Member} in
 * order; a text is two bytes of length and UTF-8, an address is a text and two bytes. What follows
 * them is of a newer version and is ignored.
 */
final class TagsCodec {
    static final int VERSION = 1;

    private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7E]{0,255}");

    private TagsCodec() {}

    /**
     * The member as bytes.
     *
     * @throws IllegalArgumentException when a text has other than up to 255 visible characters
     */
    static byte[] encode(Member member) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(VERSION);
            writeText(out, member.nodeId());
            out.writeLong(member.bootEpoch());
            writeText(out, member.clusterId());
            writeText(out, member.directoryId());
            writeAddress(out, member.gossipAddress());
            writeAddress(out, member.raftAddress());
            writeAddress(out, member.rpcAddress());
            writeText(out, member.version());
            writeText(out, member.state());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The member in bytes that a boot sent.
     *
     * @throws IOException when they are no member, or another one
     */
    static Member decode(Boot boot, byte[] tags) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(tags));
        Member member;
        try {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IOException("tags of version " + version);
            }
            member =
                    new Member(
                            readText(in),
                            in.readLong(),
                            readText(in),
                            readText(in),
                            readAddress(in),
                            readAddress(in),
                            readAddress(in),
                            readText(in),
                            readText(in));
        } catch (IllegalArgumentException e) {
            throw new IOException("tags that are no member's", e);
        }
        if (!member.id().equals(boot.id()) || !member.gossipAddress().equals(boot.address())) {
            throw new IOException(
                    "tags of %s at %s".formatted(member.id(), member.gossipAddress()));
        }
        return member;
    }

    private static void writeAddress(DataOutputStream out, HostPort address) throws IOException {
        writeText(out, address.host());
        out.writeShort(address.port());
    }

    private static HostPort readAddress(DataInputStream in) throws IOException {
        return new HostPort(readText(in), in.readUnsignedShort());
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be told by gossip: up to 255 visible characters can");
        }
        out.writeUTF(text);
    }

    private static String readText(DataInputStream in) throws IOException {
        String text = in.readUTF();
        if (!TEXT.matcher(text).matches()) {
            throw new IOException("a text of " + text.length() + " characters, or invisible ones");
        }
        return text;
    }
}
