package io.mlog.systemtests.harness;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A socket to the one port that sends whatever bytes a test wants. One thread at a time. */
public final class RawConnection implements AutoCloseable {
    private static final int MOST_FRAME_BYTES = 64 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Connects; no read waits longer than {@code patience}. */
    public static RawConnection to(int port, Duration patience) throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                (int) patience.toMillis());
        socket.setSoTimeout((int) patience.toMillis());
        socket.setTcpNoDelay(true);
        return new RawConnection(socket);
    }

    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends four bytes of length and the payload. */
    public void sendFrame(byte[] payload) throws IOException {
        send(frame(payload));
    }

    /** Sends a JSON request. */
    public void sendJson(String json) throws IOException {
        sendFrame(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a frame around this payload. */
    public static byte[] frame(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload).array();
    }

    public byte[] readFrame() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_FRAME_BYTES) {
            throw new IOException("the broker answered a frame of " + length + " bytes");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return payload;
    }

    /** The next frame as text. */
    public String readJson() throws IOException {
        return new String(readFrame(), StandardCharsets.UTF_8);
    }

    /** The next bytes up to a line end, as ASCII without it. */
    public String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (char c = (char) in.readUnsignedByte(); c != '\n'; c = (char) in.readUnsignedByte()) {
            line.append(c);
        }
        return line.toString().strip();
    }

    /** Says that nothing more will be sent, while answers are still read. */
    public void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * Whether the broker closes this connection before the patience is over. Bytes that come before
     * are read and dropped.
     */
    public boolean isClosedByPeer() throws IOException {
        try {
            while (true) {
                in.readByte();
            }
        } catch (EOFException | SocketException e) {
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
