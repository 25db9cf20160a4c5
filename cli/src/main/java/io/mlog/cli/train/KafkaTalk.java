package io.mlog.cli.train;

import io.mlog.model.HostPort;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A connection that asks a broker in Kafka's protocol what its clients ask, one request at a time.
 * Knows one version of each request, an old one that is short to write; answers are looked at for
 * their error code only. Owned by one thread.
 */
final class KafkaTalk implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final short NO_STRING = -1;
    private static final int NO_EPOCH = -1;
    private static final long FROM_THE_START = -2;

    private final Socket socket;
    private final DataInputStream in;
    private int lastId;

    private KafkaTalk(Socket socket, DataInputStream in) {
        this.socket = socket;
        this.in = in;
    }

    static KafkaTalk with(HostPort broker) throws IOException {
        Socket socket = new Socket(broker.host(), broker.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        return new KafkaTalk(
                socket,
                new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16)));
    }

    void apiVersions() throws IOException {
        expectNoError("ApiVersions", ask(18, 2, body -> {}), 0);
    }

    /** Creates the topic when there is none of that name. */
    void metadata(String topic) throws IOException {
        ask(
                3,
                8,
                body -> {
                    body.writeInt(1);
                    string(body, topic);
                    body.writeBoolean(true);
                    body.writeBoolean(false);
                    body.writeBoolean(false);
                });
    }

    void initProducerId() throws IOException {
        ByteBuffer answer =
                ask(
                        22,
                        1,
                        body -> {
                            body.writeShort(NO_STRING);
                            body.writeInt(TIMEOUT_MS);
                        });
        expectNoError("InitProducerId", answer, Integer.BYTES);
    }

    /** Appends a batch to partition 0. */
    void produce(String topic, int acks, ByteBuffer batch) throws IOException {
        ByteBuffer answer =
                ask(
                        0,
                        7,
                        body -> {
                            body.writeShort(NO_STRING);
                            body.writeShort(acks);
                            body.writeInt(TIMEOUT_MS);
                            onePartition(body, topic);
                            body.writeInt(batch.remaining());
                            body.write(
                                    batch.array(),
                                    batch.arrayOffset() + batch.position(),
                                    batch.remaining());
                        });
        expectNoError("Produce", answer, 3 * Integer.BYTES + stringBytes(topic));
    }

    /** Reads partition 0 from {@code offset} on. */
    void fetch(String topic, long offset, int maxBytes) throws IOException {
        ByteBuffer answer =
                ask(
                        1,
                        11,
                        body -> {
                            body.writeInt(-1); // no replica
                            body.writeInt(TIMEOUT_MS / 2);
                            body.writeInt(1);
                            body.writeInt(maxBytes);
                            body.writeByte(0);
                            body.writeInt(0);
                            body.writeInt(-1); // no session
                            onePartition(body, topic);
                            body.writeInt(NO_EPOCH);
                            body.writeLong(offset);
                            body.writeLong(-1);
                            body.writeInt(maxBytes);
                            body.writeInt(0);
                            string(body, "");
                        });
        expectNoError("Fetch", answer, Integer.BYTES);
    }

    void listOffsets(String topic) throws IOException {
        ByteBuffer answer =
                ask(
                        2,
                        5,
                        body -> {
                            body.writeInt(-1);
                            body.writeByte(0);
                            onePartition(body, topic);
                            body.writeInt(NO_EPOCH);
                            body.writeLong(FROM_THE_START);
                        });
        expectNoError("ListOffsets", answer, 4 * Integer.BYTES + stringBytes(topic));
    }

    /** What is asked, behind the header. */
    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /** Sends a request and returns its answer behind the correlation id. */
    ByteBuffer ask(int api, int version, Body body) throws IOException {
        return ask(api, version, false, body);
    }

    /** The same with headers that end in tagged fields: none here, and skipped in the answer's. */
    ByteBuffer askFlexibly(int api, int version, Body body) throws IOException {
        ByteBuffer answer = ask(api, version, true, body);
        return answer.slice(1, answer.limit() - 1);
    }

    private ByteBuffer ask(int api, int version, boolean flexible, Body body) throws IOException {
        lastId++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(api);
        out.writeShort(version);
        out.writeInt(lastId);
        string(out, "mlog-train");
        if (flexible) {
            out.writeByte(0);
        }
        body.writeTo(out);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.size());
        frame.putInt(bytes.size()).put(bytes.toByteArray());
        socket.getOutputStream().write(frame.array());

        int length = in.readInt();
        if (length < Integer.BYTES || length > MAX_ANSWER_BYTES) {
            throw new IOException("an answer of " + length + " bytes to api " + api);
        }
        ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(length));
        int id = answer.getInt();
        if (id != lastId) {
            throw new IOException("answer " + id + " to request " + lastId + " of api " + api);
        }
        return answer.slice();
    }

    static void expectNoError(String api, ByteBuffer answer, int at) throws IOException {
        short error = answer.getShort(at);
        if (error != 0) {
            throw new IOException(api + " was answered with error " + error);
        }
    }

    static void onePartition(DataOutputStream out, String topic) throws IOException {
        out.writeInt(1);
        string(out, topic);
        out.writeInt(1);
        out.writeInt(0);
    }

    static void string(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    static int stringBytes(String text) {
        return Short.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
